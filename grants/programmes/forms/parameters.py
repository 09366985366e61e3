"""The figures of a draft's parameters as a form: what a threshold is unless a call says otherwise, and its bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from grants.programmes.domain.editing import Edited
from grants.web.forms import StageForm

ENTRIES: Mapping[str, Any] = {"default": _l("默认值"), "minimum": _l("不小于"), "maximum": _l("不大于")}
_FIGURE = Length(max=40, message=_l("不超过 40 个字符。"))
Changes = dict[str, dict[str, Edited]]  # by parameter and entry; None takes an entry away


def input_of(key: str, entry: str) -> str:
    """The name of the input for one entry of a parameter."""
    return f"p-{key}-{entry if entry in ENTRIES else 'default'}"


def parameters_form(parameters: Sequence[Mapping[str, Any]], *, seen: str) -> StageForm:
    """Three inputs for each parameter, filled with what the draft says; ``seen``: fingerprint of their lines."""
    fields: dict[str, Any] = {"seen": HiddenField()}
    for key, entry, _text in _figures(parameters):
        fields[input_of(key, entry)] = StringField(ENTRIES[entry], [_FIGURE])
    written = {input_of(key, entry): text for key, entry, text in _figures(parameters)}
    made: StageForm = type("ParametersForm", (StageForm,), fields)(data={"seen": seen, **written})
    return made


def parameter_changes(form: StageForm, parameters: Sequence[Mapping[str, Any]]) -> Changes:
    """What the form says otherwise than the draft."""
    found: Changes = {}
    for key, entry, text in _figures(parameters):
        typed = (form[input_of(key, entry)].data or "").strip()
        if typed != text:
            found.setdefault(key, {})[entry] = typed or None
    return found


def _figures(parameters: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for parameter in parameters:
        for entry in ENTRIES:
            written = parameter.get(entry)
            yield str(parameter["key"]), entry, written.strip() if isinstance(written, str) else ""
