"""Undertakings, reasons, a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from grants.programmes.domain import Definition
from grants.questions import input_name
from grants.web.fields import (
    UndertakingField,
    UploadField,
)
from grants.web.fields.uploads import BYTES_PER_MB
from grants.web.forms import StageForm

MAX_WORKBOOK_BYTES = 2 * BYTES_PER_MB


class WorkbookForm(StageForm):
    """A prepared workbook that was filled in."""

    file = UploadField(_l("填好的填报表"), accept=("xlsx",), max_bytes=MAX_WORKBOOK_BYTES)


class ReasonForm(StageForm):
    """A reason, required."""

    reason = TextAreaField(
        _l("撤回原因"),
        validators=[Length(min=2, max=500, message=_l("请写明原因，2 至 500 字。"))],
        description=_l("将记入办理记录，受理部门可见。"),
    )


def build_undertaking_form(definition: Definition, paths: Sequence[str]) -> type[StageForm]:
    """The form of the check page: every undertaking with its full statement; the revision it was shown for, the mark of
    the draft as it was shown, and when that was."""
    inputs: dict[str, Any] = {"revision_no": HiddenField(), "seen": HiddenField(), "seen_at": HiddenField()}
    for path in paths:
        field = definition.field(path)
        inputs[input_name(path)] = UndertakingField(field.label, statement=field.statement)
    return type("BuiltUndertakingForm", (StageForm,), inputs)
