"""Forms made from the pinned definition: a builder per field kind, and the way between stored and typed.

A form carries, in one hidden field, which answers it shows and how they stood (``shown``): only those are read back, so
what was not on the page cannot be cleared, and a change by somebody else is seen.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from grants.applications.domain import Draft, digest
from grants.applications.services import Base
from grants.kernel.districts import DISTRICTS
from grants.kernel.money import yuan
from grants.programmes.domain import Definition, DocumentSlot, Field, FieldKind, Phase, fault_of, to_case_value
from grants.web.fields import (
    ChoiceField,
    ChoicesField,
    DatePartsField,
    DecimalTextField,
    ListField,
    MoneyField,
    PercentField,
    RadioChoiceField,
    UndertakingField,
    UploadField,
    UsccField,
    WholeNumberField,
    YesNoField,
)
from grants.web.forms import StageForm

MAX_TEXT = 20_000
MAX_LINE = 500
FEW_CHOICES = 6
NOT_TYPED = frozenset({FieldKind.TABLE, FieldKind.COMPUTED, FieldKind.UNDERTAKING})


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer on a page: the name of its input, its field, its row (empty for none)."""

    name: str
    field: Field
    row: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.field.path, self.row


class AnswerForm(StageForm):
    """Base of every form made here. ``shown`` says what the page asked and how it stood."""

    shown = HiddenField()


class UploadForm(StageForm):
    """One file for one slot."""

    row = HiddenField()


class ReasonForm(StageForm):
    """A reason, required."""

    reason = TextAreaField(
        _l("撤回原因"),
        validators=[Length(min=2, max=500, message=_l("请写明原因，2 至 500 字。"))],
        description=_l("将记入办理记录，受理部门可见。"),
    )


def input_name(path: str, row: str = "") -> str:
    """The name of an answer's input from its path and row; the prefix keeps it apart from WTForms' own attributes."""
    return f"a-{path.replace('.', '-')}" + (f"--{row.replace('.', '-')}" if row else "")


def asked_in(fields: Sequence[Field], row: str = "") -> tuple[Asked, ...]:
    """What may be asked of these fields or columns, whatever is shown at the moment."""
    return tuple(
        Asked(input_name(field.path, row), field, row)
        for field in fields
        if field.kind not in NOT_TYPED and field.phase is Phase.APPLICATION
    )


def build_answer_form(definition: Definition, asked: Sequence[Asked]) -> type[AnswerForm]:
    """Make the form class for these answers, in their order."""
    inputs = {one.name: BUILDERS[one.field.kind](definition, one.field) for one in asked}
    return type("BuiltAnswerForm", (AnswerForm,), inputs)


def fill(form: AnswerForm, draft: Draft, asked: Sequence[Asked]) -> None:
    """Put the stored answers into a form that is shown for the first time."""
    for one in asked:
        form[one.name].process_data(to_typed(one.field, draft.value(*one.place)))
    form.shown.data = shown_text(draft, asked)


def build_undertaking_form(definition: Definition, paths: Sequence[str]) -> type[StageForm]:
    """The form of the check page: every undertaking with its full statement, and the revision it was shown for."""
    inputs: dict[str, Any] = {"revision_no": HiddenField()}
    for path in paths:
        field = definition.field(path)
        inputs[input_name(path)] = UndertakingField(field.label, statement=field.statement)
    return type("BuiltUndertakingForm", (StageForm,), inputs)


def build_upload_form(slot: DocumentSlot) -> type[UploadForm]:
    """The form of one slot; the id of its input is the slot's key."""
    upload = UploadField(slot.label, accept=slot.accept, max_bytes=slot.max_bytes, max_pages=slot.max_pages)
    return type("BuiltUploadForm", (UploadForm,), {"file": upload})


def shown_text(draft: Draft, asked: Sequence[Asked], kept: Mapping[str, Base] | None = None) -> str:
    """What a page shows, for its hidden field: input name -> [version, digest]; ``kept`` bases stay as they were."""
    bases = {}
    for one in asked:
        stored = draft.answers.get(one.place)
        now = Base(stored.version if stored else 0, digest(stored.value if stored else None))
        base = (kept or {}).get(one.name, now)
        bases[one.name] = [base.version, base.digest]
    return json.dumps(bases, ensure_ascii=False, separators=(",", ":"))


def read_shown(text: str | None) -> dict[str, Base]:
    """The bases a form came with; what was not made by ``shown_text`` counts as nothing shown."""
    try:
        given = json.loads(text or "{}")
        return {str(name): Base(int(version), str(mark)) for name, (version, mark) in given.items()}
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}


def to_typed(field: Field, stored: Any) -> Any:
    """The stored form of an answer as its input wants it."""
    if stored is None:
        return None
    convert = TO_TYPED.get(field.kind)
    return convert(stored) if convert else stored


def to_stored(field: Field, typed: Any) -> Any:
    """What an input gives, in the form that is stored; nothing at all is None."""
    if typed is None or typed in ("", (), []):
        return None
    convert = TO_STORED.get(field.kind)
    return convert(typed) if convert else typed


def _stored_text(typed: str) -> str | None:
    lines = unicodedata.normalize("NFC", typed.replace("\r\n", "\n")).strip()
    return lines or None


TO_TYPED: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.DECIMAL: Decimal,
    FieldKind.PERCENT: Decimal,
    FieldKind.DATE: date.fromisoformat,
    FieldKind.CHOICES: tuple,
    FieldKind.LIST: tuple,
}
TO_STORED: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.TEXT: _stored_text,
    FieldKind.LONG_TEXT: _stored_text,
    FieldKind.PHONE: _stored_text,
    FieldKind.EMAIL: _stored_text,
    FieldKind.DECIMAL: lambda number: f"{number:f}",
    FieldKind.PERCENT: lambda number: f"{number:f}",
    FieldKind.DATE: date.isoformat,
    FieldKind.CHOICES: list,
    FieldKind.LIST: lambda items: [unicodedata.normalize("NFC", item) for item in items],
}


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


def _common(definition: Definition, field: Field) -> dict[str, Any]:
    validators: list[Any] = [_WithinBounds(definition, field)]
    if not field.required and field.required_if is None:
        validators.insert(0, Optional())
    return {"label": field.label, "description": _help(field), "validators": validators}


def _help(field: Field) -> str:
    example = _("例如：%(example)s", example=field.example) if field.example else ""
    return " ".join(part for part in (field.help, example) if part)


def _text(definition: Definition, field: Field) -> Any:
    common = _common(definition, field)
    common["validators"].append(
        Length(max=field.max_length or MAX_LINE, message=_too_long(field.max_length or MAX_LINE))
    )
    return StringField(**common)


def _long_text(definition: Definition, field: Field) -> Any:
    common = _common(definition, field)
    common["validators"].append(
        Length(max=field.max_length or MAX_TEXT, message=_too_long(field.max_length or MAX_TEXT))
    )
    return TextAreaField(**common)


def _too_long(limit: int) -> str:
    return str(_("最多 %(limit)s 字，请精简。超出的内容还没有保存。", limit=limit))


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
