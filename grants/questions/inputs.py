"""One input per field kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation, ValidationError

from grants.kernel.districts import DISTRICTS
from grants.kernel.money import yuan
from grants.programmes.domain import Definition, Field, FieldKind, fault_of, to_case_value
from grants.questions.asked import FEW_CHOICES
from grants.questions.conversion import to_stored
from grants.web.fields import (
    ChoiceField,
    ChoicesField,
    DatePartsField,
    DecimalTextField,
    ListField,
    MoneyField,
    PercentField,
    RadioChoiceField,
    UsccField,
    WholeNumberField,
    YesNoField,
)

MAX_TEXT = 20_000
MAX_LINE = 500


class SignedMoneyField(MoneyField):
    """Money that may be negative, a loss for instance; MoneyField reads what follows the sign."""

    def read(self, typed: str) -> int:
        text = unicodedata.normalize("NFKC", typed).strip()
        amount = super().read(text.lstrip("-−－"))
        return -amount if text.startswith(("-", "−", "－")) else amount

    @property
    def capitals(self) -> str:
        return "" if self.data is None or self.data < 0 else super().capitals

    @property
    def counterpart(self) -> str:
        return "" if self.data is None or self.data < 0 else super().counterpart


class _WithinBounds:
    """The definition's own bounds, in its own words; a text that is merely too short passes."""

    def __init__(self, definition: Definition, field: Field) -> None:
        self.definition, self.field = definition, field

    def __call__(self, form: Any, given: Any) -> None:
        stored = to_stored(self.field, given.data)
        if stored is None:
            return
        try:
            message = fault_of(self.definition, self.field, to_case_value(self.field, stored))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if message and not self._is_only_short(stored):
            raise ValidationError(message)

    def _is_only_short(self, stored: Any) -> bool:
        """Too short is kept: it keeps the application from being submitted, not the text from being saved."""
        return (
            self.field.min_length is not None and isinstance(stored, str | list) and len(stored) < self.field.min_length
        )


class _NotLonger(Length):
    """At most so many characters; said once, with how many there are, before any other bound is looked at."""

    def __call__(self, form: Any, given: Any) -> None:
        length = len(given.data or "")
        if length > self.max:
            words = _("最多 %(limit)s 字，现有 %(n)s 字，请精简。这一项还没有保存。", limit=self.max, n=length)
            raise StopValidation(str(words))


def _common(definition: Definition, field: Field) -> dict[str, Any]:
    validators: list[Any] = [_WithinBounds(definition, field)]
    if not field.required and field.required_if is None:
        validators.insert(0, Optional())
    return {"label": field.label, "description": _help(field), "validators": validators}


def _help(field: Field) -> str:
    example = _("例如：%(example)s", example=field.example) if field.example else ""
    return " ".join(part for part in (field.help, example) if part)


def _text(definition: Definition, field: Field) -> Any:
    return StringField(filters=[_composed], **_of_length(definition, field, MAX_LINE))


def _long_text(definition: Definition, field: Field) -> Any:
    return TextAreaField(filters=[_composed], **_of_length(definition, field, MAX_TEXT))


def _of_length(definition: Definition, field: Field, limit: int) -> dict[str, Any]:
    common = _common(definition, field)
    common["validators"].insert(-1, _NotLonger(max=field.max_length or limit))
    return common


def _composed(typed: str | None) -> str | None:
    """The text as it is stored, so that it is counted as it will be: browsers send a line end as two characters."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n")).strip() if typed else typed


def _integer(definition: Definition, field: Field) -> Any:
    minimum = None if field.minimum is None else int(field.minimum)
    maximum = None if field.maximum is None else int(field.maximum)
    return WholeNumberField(minimum=minimum, maximum=maximum, unit=field.unit, **_common(definition, field))


def _decimal(definition: Definition, field: Field) -> Any:
    bounds: dict[str, Any] = {"minimum": field.minimum, "maximum": field.maximum, "unit": field.unit}
    return DecimalTextField(**bounds, **_common(definition, field))


def _percent(definition: Definition, field: Field) -> Any:
    bounds: dict[str, Any] = {"minimum": field.minimum, "maximum": field.maximum}
    return PercentField(**bounds, **_common(definition, field))


def _money(definition: Definition, field: Field) -> Any:
    bounds: dict[str, Any] = {"unit": field.unit or "yuan"}
    if field.maximum is not None:
        bounds["maximum_fen"] = yuan(field.maximum)
    kind = MoneyField if field.minimum is not None and field.minimum >= 0 else SignedMoneyField
    return kind(**bounds, **_common(definition, field))


def _date(definition: Definition, field: Field) -> Any:
    return DatePartsField(minimum=field.not_before, maximum=field.not_after, **_common(definition, field))


def _options(field: Field) -> list[tuple[str, str]]:
    return [(choice, field.choice_labels.get(choice, choice)) for choice in field.choices]


def _choice(definition: Definition, field: Field) -> Any:
    kind = RadioChoiceField if len(field.choices) <= FEW_CHOICES else ChoiceField
    return kind(options=_options(field), **_common(definition, field))


def _choices(definition: Definition, field: Field) -> Any:
    return ChoicesField(options=_options(field), **_common(definition, field))


def _code(definition: Definition, field: Field) -> Any:
    options = [(item.code, f"{item.code} {item.label}") for item in definition.named_list(field.list_name).items]
    return ChoiceField(options=options, **_common(definition, field))


def _district(definition: Definition, field: Field) -> Any:
    return ChoiceField(options=DISTRICTS, **_common(definition, field))


def _list(definition: Definition, field: Field) -> Any:
    return ListField(max_items=field.max_length or 100, **_common(definition, field))


def _plain(kind: type[Any]) -> Callable[[Definition, Field], Any]:
    return lambda definition, field: kind(**_common(definition, field))


BUILDERS: Mapping[FieldKind, Callable[[Definition, Field], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.INTEGER: _integer,
    FieldKind.DECIMAL: _decimal,
    FieldKind.MONEY: _money,
    FieldKind.PERCENT: _percent,
    FieldKind.DATE: _date,
    FieldKind.YES_NO: _plain(YesNoField),
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.LIST: _list,
    FieldKind.USCC: _plain(UsccField),
    FieldKind.CODE: _code,
    FieldKind.PHONE: _text,
    FieldKind.EMAIL: _text,
    FieldKind.DISTRICT: _district,
}
