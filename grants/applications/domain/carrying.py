"""What of an earlier application can be taken into a new one, and what cannot, with the reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grants.applications.domain.drafts import AttachedFile, Draft
from grants.applications.domain.scope import slot_of
from grants.programmes.domain import (
    Definition,
    DocumentSlot,
    Field,
    FieldKind,
    Phase,
    WrongKindError,
    fault_of,
    fixed_row_ids,
    parts_of,
    to_case_value,
)

GIVEN_ANEW = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})  # worked out, or given with every submission
BOUND = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.CODE, FieldKind.DISTRICT, FieldKind.DATE})
OWN = frozenset({"org.name", "org.uscc"})  # the organisation's own, never an answer of an application
KIND_OF = {  # what a slot accepts, by the type that a file was proved to be
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
USED_ONCE = "not_used_elsewhere"


class Left(StrEnum):
    """Why something stays behind."""

    FIELD_GONE = "field_gone"
    KIND_DIFFERS = "kind_differs"
    OUT_OF_BOUNDS = "out_of_bounds"  # a choice no longer offered, a date outside
    ROW_GONE = "row_gone"
    TABLE_FULL = "table_full"
    SLOT_GONE = "slot_gone"
    TYPE_DIFFERS = "type_differs"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    SLOT_FULL = "slot_full"
    NOT_CLEAN = "not_clean"


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """One thing that stays behind; ``detail`` is the sentence about a bound."""

    label: str
    reason: Left
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """Values by (path, row), rows by table, files, what stays behind; ``once``: labels of what is used once only."""

    values: Mapping[tuple[str, str], Any]
    rows: Mapping[str, tuple[str, ...]]
    files: tuple[AttachedFile, ...]
    left: tuple[LeftBehind, ...]
    once: tuple[str, ...]


def carry_over(source: Draft, target: Definition, *, call_year: int) -> Carried:
    """What fits the definition of a new application; ``call_year`` is that of its call.

    An answer fits where the field has the same key and kind and, for choices and dates, the value is still allowed;
    a text too long or an amount too small is carried and complained of on the form. A row fits while its table has
    room, a file where its slot takes its type, size and pages.
    """
    left: dict[LeftBehind, None] = {}
    rows = _carry_rows(source, target, call_year, left)
    values = {}
    for (path, row), answer in source.answers.items():
        if answer.value is not None and path not in OWN and _is_fitting(source, target, path, row, rows, left):
            values[path, row] = answer.value
    files = tuple(_carry_files(source, target, rows, left))
    return Carried(values, _own_rows(target, rows), files, tuple(left), _used_once(target, values))


def _carry_rows(
    source: Draft, target: Definition, call_year: int, left: dict[LeftBehind, None]
) -> dict[str, tuple[str, ...]]:
    """Rows of each table that both definitions have, those with fixed rows and those that follow another included."""
    kept: dict[str, tuple[str, ...]] = {}
    tables = [field for field in map(source.definition.field, source.definition.section_of) if field.columns]
    for table in sorted(tables, key=lambda field: bool(field.rows_of)):
        fellow = target.fields_by_path.get(table.path)
        if fellow is None or not fellow.columns or fellow.phase is not Phase.APPLICATION:
            continue
        ids = source.row_ids(table)
        fitting = _fitting_rows(fellow, ids, kept, call_year)
        for row in ids:
            if row not in fitting:
                reason = Left.TABLE_FULL if fellow.fixed_rows is None and not fellow.rows_of else Left.ROW_GONE
                left[LeftBehind(_row_name(source, table, row), reason)] = None
        kept[table.path] = fitting
    return kept


def _fitting_rows(
    table: Field, ids: tuple[str, ...], kept: Mapping[str, tuple[str, ...]], call_year: int
) -> tuple[str, ...]:
    if table.fixed_rows is not None:
        fixed = fixed_row_ids(table, call_year)
        return tuple(row for row in ids if row in fixed)
    if table.rows_of:
        return tuple(row for row in ids if row in kept.get(table.rows_of, ()))
    return ids[: table.max_rows] if table.max_rows is not None else ids


def _is_fitting(
    source: Draft,
    target: Definition,
    path: str,
    row: str,
    rows: Mapping[str, tuple[str, ...]],
    left: dict[LeftBehind, None],
) -> bool:
    was = source.definition.fields_by_path.get(path)
    if was is None or was.kind in GIVEN_ANEW:
        return False
    table = path.removesuffix(f".{was.key}") if row else ""
    if row and row not in source.row_ids(source.definition.field(table)):
        return False  # of a row that was deleted
    if table in rows and row not in rows[table]:
        return False  # its row stays behind and has been told of
    found = _fault(target, was, path, source.answers[path, row].value)
    if found is not None:
        label = was.label if not row else f"{_row_name(source, source.definition.field(table), row)}·{was.label}"
        left[LeftBehind(label, *found)] = None
    return found is None


def _fault(target: Definition, was: Field, path: str, value: Any) -> tuple[Left, str] | None:
    now = target.fields_by_path.get(path)
    if now is None or now.phase is not Phase.APPLICATION:
        return Left.FIELD_GONE, ""
    try:
        typed = to_case_value(now, value)
    except (WrongKindError, ValueError, TypeError):
        return Left.KIND_DIFFERS, ""
    if now.kind is not was.kind:
        return Left.KIND_DIFFERS, ""
    fault = fault_of(target, now, typed) if now.kind in BOUND else ""
    return (Left.OUT_OF_BOUNDS, fault) if fault else None


def _carry_files(
    source: Draft, target: Definition, rows: Mapping[str, tuple[str, ...]], left: dict[LeftBehind, None]
) -> Iterator[AttachedFile]:
    taken: dict[tuple[str, str], int] = {}
    for file in source.files:
        own = slot_of(source.definition, file.slot)
        if own is None or (own.rows_of and not source.has_row(own.rows_of, file.row)):
            continue  # of a row that was deleted
        slot = slot_of(target, file.slot)
        reason = _file_fault(slot, file, rows, taken.get((file.slot, file.row), 0))
        if reason is None:
            taken[file.slot, file.row] = taken.get((file.slot, file.row), 0) + 1
            yield file
        else:
            left[LeftBehind(f"{own.label}：{file.name}", reason)] = None


def _file_fault(
    slot: DocumentSlot | None, file: AttachedFile, rows: Mapping[str, tuple[str, ...]], taken: int
) -> Left | None:
    if slot is None or slot.phase is not Phase.APPLICATION or bool(slot.rows_of) != bool(file.row):
        return Left.SLOT_GONE
    faults = (
        (bool(slot.rows_of) and file.row not in rows.get(slot.rows_of, ()), Left.ROW_GONE),
        (KIND_OF.get(file.content_type) not in slot.accept, Left.TYPE_DIFFERS),
        (file.size_bytes > slot.max_bytes, Left.TOO_LARGE),
        (slot.max_pages is not None and (file.pages or 0) > slot.max_pages, Left.TOO_MANY_PAGES),
        (taken >= slot.max_files, Left.SLOT_FULL),
        (not file.is_usable, Left.NOT_CLEAN),
    )
    return next((reason for is_so, reason in faults if is_so), None)


def _own_rows(target: Definition, rows: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Rows that are stored: not fixed ones, nor those that follow another table."""
    return {
        path: ids
        for path, ids in rows.items()
        if ids and target.field(path).fixed_rows is None and not target.field(path).rows_of
    }


def _used_once(target: Definition, values: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Labels of what was carried though a rule lets it be used in one application only."""
    carried = {path for path, _row in values}
    found: dict[str, None] = {}
    for rule in target.rules:
        if rule.check is not None and rule.check.name == USED_ONCE:
            paths = _paths_of_keys(target, rule.check.parameters)
            found.update((target.field(path).label, None) for path in paths if path in carried)
    return tuple(found)


def _paths_of_keys(target: Definition, parameters: Mapping[str, object]) -> Iterator[str]:
    """Where the parts of a check's keys are asked: columns of its table, where it has one, and fields."""
    table, keys = parameters.get("table"), parameters["keys"]
    for entry in keys if isinstance(keys, tuple) else ():
        for part in parts_of(entry):
            column = f"{table}.{part}"
            yield column if column in target.fields_by_path else part


def _row_name(source: Draft, table: Field, row: str) -> str:
    ids = source.row_ids(table)
    number = row if table.fixed_rows is not None or row not in ids else f"第 {ids.index(row) + 1} 行"
    return f"{table.label} {number}"
