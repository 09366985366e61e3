"""A case as somebody reads it: sections, labels, values in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grants.kernel.districts import DISTRICTS
from grants.kernel.rules import Cause, Row, Table, Unknown, Value, format_value
from grants.programmes.domain.case import Case
from grants.programmes.domain.kinds import FieldKind, Phase
from grants.programmes.domain.model import Definition, Field
from grants.programmes.domain.view import HIDDEN, CaseView

NOT_ANSWERED = "未填写"
NUMERIC = frozenset({FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY, FieldKind.PERCENT})
LONG = frozenset({FieldKind.LONG_TEXT})
YUAN_PER_WAN = 10_000
COMPUTED_DECIMALS = 4  # a third has no end; what people typed is shown with every digit


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """Head of one column; ``numeric`` columns stand right."""

    path: str
    label: str
    unit: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row; a cell that does not apply is empty."""

    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadField:
    """One question and its answer in words; a table has ``columns`` and ``rows`` instead of ``text``."""

    path: str
    label: str
    text: str
    answered: bool
    long: bool = False
    columns: tuple[ReadColumn, ...] = ()
    rows: tuple[ReadRow, ...] = ()

    @property
    def is_table(self) -> bool:
        return bool(self.columns)


@dataclass(frozen=True, slots=True)
class ReadSection:
    key: str
    title: str
    fields: tuple[ReadField, ...]


def read_sections(
    definition: Definition, case: Case, *, with_private: bool, phase: Phase = Phase.APPLICATION
) -> tuple[ReadSection, ...]:
    """Every section that applies to the case, in the order of the form; hidden questions are left out.

    ``with_private`` decides whether fields marked private are there at all: experts and the public never read them.
    """
    view = CaseView(definition, case)
    sections = []
    for section in definition.sections:
        fields = tuple(_fields(view, section.fields, with_private=with_private, phase=phase))
        if section.phase is phase and fields:
            sections.append(ReadSection(section.key, section.title, fields))
    return tuple(sections)


def _fields(view: CaseView, fields: tuple[Field, ...], *, with_private: bool, phase: Phase) -> Iterator[ReadField]:
    for field in fields:
        if field.phase is not phase or (field.private and not with_private):
            continue
        value = view[field.path]
        if value == HIDDEN:
            continue
        yield _table(view, field, value, with_private) if field.kind is FieldKind.TABLE else _scalar(view, field, value)


def _scalar(view: CaseView, field: Field, value: Value) -> ReadField:
    text = words_of(view.definition, field, value)
    return ReadField(field.path, field.label, text or NOT_ANSWERED, bool(text), field.kind in LONG)


def _table(view: CaseView, field: Field, value: Value, with_private: bool) -> ReadField:
    columns = [column for column in field.columns if with_private or not column.private]
    rows = value.rows if isinstance(value, Table) else ()
    return ReadField(
        field.path,
        field.label,
        "",
        bool(rows),
        columns=tuple(
            ReadColumn(column.path, column.label, unit_of(column), column.kind in NUMERIC) for column in columns
        ),
        rows=tuple(ReadRow(row.id, _cells(view, columns, row)) for row in rows),
    )


def _cells(view: CaseView, columns: list[Field], row: Row) -> tuple[str, ...]:
    return tuple(words_of(view.definition, column, row.cells[column.key], with_unit=False) for column in columns)


def unit_of(field: Field) -> str:
    """The unit as it is written beside a number."""
    if field.kind is FieldKind.MONEY:
        return "万元" if field.unit == "wan_yuan" else "元"
    return "%" if field.kind is FieldKind.PERCENT else field.unit


def words_of(definition: Definition, field: Field, value: Value, *, with_unit: bool = True) -> str:
    """An answer in words; empty where there is none. Money in its unit of entry, exact."""
    if isinstance(value, Unknown):
        return "" if value.cause is not Cause.EVIDENCE else format_value(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return _number(field, value) + (f" {unit_of(field)}" if with_unit and unit_of(field) else "")
    if isinstance(value, str):
        return _text(definition, field, value)
    return (
        "、".join(field.choice_labels.get(item, item) for item in value)
        if isinstance(value, tuple)
        else format_value(value)
    )


def _number(field: Field, value: Decimal) -> str:
    if field.kind is FieldKind.MONEY and field.unit == "wan_yuan":
        return format_value(value / YUAN_PER_WAN)
    if field.kind is FieldKind.COMPUTED:
        return format_value(Decimal(f"{value:.{COMPUTED_DECIMALS}f}"))
    return f"{value:f}" if field.fixed_rows or field.key.endswith("year") else format_value(value)


def _text(definition: Definition, field: Field, value: str) -> str:
    if field.kind is FieldKind.DISTRICT:
        return DISTRICTS.get(value, value)
    if field.kind is FieldKind.CODE:
        label = next((item.label for item in definition.named_list(field.list_name).items if item.code == value), "")
        return f"{value} {label}".strip()
    return field.choice_labels.get(value, value)
