"""Codes and lists of texts."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import TextAreaField

from grants.kernel.uscc import valid_uscc
from grants.web.fields.numbers import TypedField
from grants.web.fields.typed import without_spaces

_USCC_LENGTH = 18
_NOT_OF_USCC = re.compile(r"[^0-9A-HJ-NP-RTUW-Y]")


class CodeField(TypedField):
    """A code: upper case, without spaces, full-width characters made ordinary; None when left empty."""

    control = "code"

    def read(self, typed: str) -> str:
        return without_spaces(typed).upper()


class UsccField(CodeField):
    """A 统一社会信用代码 (GB 32100-2015): 18 characters, both check digits right, lower case accepted."""

    control = "code"

    def read(self, typed: str) -> str:
        code = super().read(typed).replace("-", "")
        if len(code) != _USCC_LENGTH:
            raise ValueError(_("统一社会信用代码应为 18 位，您填了 %(n)s 位。", n=len(code)))
        foreign = _NOT_OF_USCC.search(code)
        if foreign:
            raise ValueError(_("统一社会信用代码不含“%(sign)s”，请对照营业执照核对。", sign=foreign[0]))
        if not valid_uscc(code):
            raise ValueError(_("校验位不符，请对照营业执照逐位核对。"))
        return code


class ListField(TextAreaField):
    """Texts, one to a line, as a tuple; empty lines are left out."""

    control = "list"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        max_items: int = 100,
        max_length: int = 200,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_items, self.max_length = max_items, max_length

    data: tuple[str, ...]

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = ()
        text = valuelist[0]
        if len(text) > (self.max_length + 2) * (self.max_items + 1):
            raise ValueError(_("内容太长：最多 %(n)s 行，每行不超过 %(m)s 字。", n=self.max_items, m=self.max_length))
        items = tuple(line.strip() for line in text.splitlines() if line.strip())
        if len(items) > self.max_items:
            raise ValueError(_("最多填 %(n)s 行，您填了 %(given)s 行。", n=self.max_items, given=len(items)))
        for number, item in enumerate(items, start=1):
            if len(item) > self.max_length:
                raise ValueError(_("第 %(line)s 行超过 %(m)s 字。", line=number, m=self.max_length))
        self.data = items

    def process_data(self, value: Any) -> None:
        self.data = tuple(value or ())

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data)
