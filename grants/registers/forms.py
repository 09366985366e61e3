"""What an administrator enters: a table with its day and source, which heading is which column, and a yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from grants.registers.domain import USCC, Register, label_of
from grants.registers.services import MAX_BYTES
from grants.web.fields import ChoiceField, DatePartsField, UploadField
from grants.web.forms import StageForm

_REQUIRED = InputRequired(_l("请填写这一项。"))


class UploadTableForm(StageForm):
    """One table."""

    file = UploadField(
        _l("文件"),
        [FileRequired(_l("请选择文件。"))],
        accept=("csv", "xlsx"),
        max_bytes=MAX_BYTES,
        description=_l("第一张工作表；CSV 可用逗号、制表符或分号分隔，UTF-8 或 GB18030 编码。最多 20 万行。"),
    )
    asof_on = DatePartsField(_l("数据截至日期"), [_REQUIRED], description=_l("核验结论会写明这一天。"))
    source = StringField(
        _l("数据来源"),
        [_REQUIRED, Length(max=120, message=_l("不超过 120 字。"))],
        description=_l("提供数据的单位和数据名称，核验结论会引用。"),
    )


class TakeForm(StageForm):
    """Take what was looked at; ``confirmed`` where much would go."""

    confirmed = BooleanField(_l("我已核对，确认这些记录应当消失"))


def build_mapping_form(
    register: Register, headings: Sequence[str], mapping: Mapping[str, int] | None = None
) -> StageForm:
    """A choice among the headings for every column, filled with what was guessed or chosen before."""
    options = {
        str(place): heading or _("（第 %(n)s 列，无标题）", n=place + 1) for place, heading in enumerate(headings)
    }
    fields: dict[str, Any] = {
        f"column_{column}": ChoiceField(
            label_of(register, column),
            options=options,
            blank=_("请选择") if column == USCC else _("文件中没有（记为未知）"),
        )
        for column in (USCC, *register.columns)
    }
    chosen = {f"column_{column}": str(place) for column, place in (mapping or {}).items()}
    made: StageForm = type("MappingForm", (StageForm,), fields)(data=chosen)
    return made


def read_mapping(form: StageForm) -> dict[str, int]:
    """The columns that have a heading, with its place."""
    given: dict[str, Any] = form.data
    return {
        name.removeprefix("column_"): int(value)
        for name, value in given.items()
        if name.startswith("column_") and value is not None
    }
