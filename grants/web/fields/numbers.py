"""Exact numbers: Decimal or int, never float; bounded in digits before they are parsed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from grants.web.fields.typed import EXACT, MAX_TYPED, plain_number

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def decimal_text(number: Decimal) -> str:
    """``number`` with thousands separators, without exponent and trailing zeros."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class TypedField(StringField):
    """A text input whose content is read into another type; what cannot be read is shown again as it was typed."""

    control = "text"

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        typed = valuelist[0].strip()
        if len(typed) > MAX_TYPED:
            raise ValueError(_("内容太长，请核对。"))
        if typed:
            self.data = self.read(typed)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def read(self, typed: str) -> Any:
        """The typed text as the field's type; ValueError with a Chinese sentence where it cannot be read."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The value as it stands in the input."""
        return str(value)


class DecimalTextField(TypedField):
    """An exact Decimal with at most ``digits`` digits, ``places`` after the point, within the bounds if given."""

    control = "decimal"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        digits: int = 18,
        places: int = 4,
        minimum: Decimal | None = None,
        maximum: Decimal | None = None,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.digits, self.places, self.unit = digits, places, str(unit)
        self.minimum, self.maximum = minimum, maximum

    def read(self, typed: str) -> Any:
        text = plain_number(typed.removesuffix(self.unit) if self.unit else typed)
        if not _NUMBER.fullmatch(text):
            raise ValueError(_("请填写数字，例如 12.5。"))
        number = Decimal(text)
        self._check_size(number)
        self._check_bounds(number)
        return number

    def write(self, value: Any) -> str:
        return decimal_text(Decimal(value))

    def _check_size(self, number: Decimal) -> None:
        exponent = number.normalize(EXACT).as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise ValueError(self._too_many_places())
        if number.adjusted() + 1 > self.digits - self.places:
            raise ValueError(_("数字太大，整数部分最多 %(n)s 位。", n=self.digits - self.places))

    def _too_many_places(self) -> str:
        return str(_("最多保留 %(n)s 位小数。", n=self.places)) if self.places else str(_("请填写整数。"))

    def _check_bounds(self, number: Decimal) -> None:
        for bound, is_outside, sentence in self._bounds():
            if bound is not None and is_outside(number):
                raise ValueError(sentence)

    def _bounds(self) -> tuple[tuple[Decimal | None, Callable[[Decimal], bool], str], ...]:
        low, high = self.minimum, self.maximum
        return (
            (low, lambda n: n < (low or 0), _("不能小于 %(bound)s。", bound=decimal_text(low or Decimal(0)))),
            (high, lambda n: n > (high or 0), _("不能大于 %(bound)s。", bound=decimal_text(high or Decimal(0)))),
        )


class WholeNumberField(DecimalTextField):
    """A whole number as int; ``1,200`` and ``１２００`` are read, ``1.5`` is refused."""

    control = "whole"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        minimum: int | None = 0,
        maximum: int | None = None,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        bounds = {"minimum": _decimal(minimum), "maximum": _decimal(maximum)}
        super().__init__(label, validators, digits=15, places=0, unit=unit, **bounds, **kwargs)

    def read(self, typed: str) -> Any:
        return int(super().read(typed))


class PercentField(DecimalTextField):
    """A percentage as the Decimal in front of the sign: 12.5 for ``12.5%``."""

    control = "percent"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        places: int = 2,
        minimum: Decimal | None = Decimal(0),
        maximum: Decimal | None = Decimal(100),
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label, validators, digits=9, places=places, minimum=minimum, maximum=maximum, unit="%", **kwargs
        )

    def read(self, typed: str) -> Any:
        return super().read(typed.strip().removesuffix("％"))


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
