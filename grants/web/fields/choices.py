"""Choices that may be left open: untouched is None, never the first option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

_YES_NO = {"yes": True, "no": False}


def choices(options: Mapping[str, str] | Iterable[tuple[str, str]], *, blank: str | None = None) -> list[SelectChoice]:
    """Options as WTForms wants them, in order; ``blank`` puts an empty option with these words first."""
    pairs = options.items() if isinstance(options, Mapping) else options
    first = [SelectChoice(value="", label=blank)] if blank is not None else []
    return first + [SelectChoice(value=value, label=label) for value, label in pairs]


def _text_or_none(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _yes_no(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if value == "":
        return None
    if value not in _YES_NO:
        raise ValueError(value)
    return _YES_NO[value]


class _OpenChoice:
    """Refuses what is not offered with a Chinese sentence and lets an untouched choice be."""

    def pre_validate(self: Any, form: Any) -> None:
        if self.data is None or self.process_errors:
            return
        if not any(choice.selected for choice in self.iter_choices()):
            raise ValidationError(_("请从所列选项中选择。"))


class ChoiceField(_OpenChoice, SelectField):
    """One of a list as a select; data is the option's value or None. ``options``: mapping or pairs (value, label)."""

    control = "select"

    def __init__(self, label: Any = None, validators: Any = None, *, options: Any = (), blank: Any = None, **kw: Any):
        kw.setdefault("invalid_value_message", _l("请从所列选项中选择。"))
        listed = choices(options, blank=_l("请选择") if blank is None else blank)
        super().__init__(label, validators, coerce=_text_or_none, choices=listed, **kw)


class RadioChoiceField(_OpenChoice, RadioField):
    """One of a few as radio buttons; data is the option's value or None while untouched."""

    control = "radios"

    def __init__(self, label: Any = None, validators: Any = None, *, options: Any = (), **kw: Any):
        kw.setdefault("invalid_value_message", _l("请从所列选项中选择。"))
        super().__init__(label, validators, coerce=_text_or_none, choices=choices(options), **kw)


class YesNoField(_OpenChoice, RadioField):
    """是 or 否 as radio buttons; data is True, False, or None while untouched."""

    control = "radios"

    def __init__(self, label: Any = None, validators: Any = None, *, yes: Any = None, no: Any = None, **kw: Any):
        kw.setdefault("invalid_value_message", _l("请选择“是”或“否”。"))
        options = [("yes", yes or _l("是")), ("no", no or _l("否"))]
        super().__init__(label, validators, coerce=_yes_no, choices=choices(options), **kw)


class ChoicesField(SelectMultipleField):
    """Any number of a list as checkboxes; data is a tuple of values in the order of the list."""

    control = "checkboxes"
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = None, *, options: Any = (), **kw: Any):
        super().__init__(label, validators, coerce=str, choices=choices(options), **kw)

    def process_data(self, value: Any) -> None:
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        order = [str(choice.value) for choice in self._choices_from_input(self.choices) or ()]
        ticked = dict.fromkeys(valuelist)
        self.data = (*(v for v in order if v in ticked), *(v for v in ticked if v not in order))

    def pre_validate(self, form: Any) -> None:
        offered = {str(choice.value) for choice in self._choices_from_input(self.choices) or ()}
        if not set(self.data or ()) <= offered:
            raise ValidationError(_("请从所列选项中选择。"))


class UndertakingField(BooleanField):
    """A statement to be ticked; ``statement`` is its full text, True only when ticked."""

    control = "undertaking"

    def __init__(self, label: Any = None, validators: Any = None, *, statement: Any = "", **kw: Any):
        super().__init__(label, validators, **kw)
        self.statement = statement
