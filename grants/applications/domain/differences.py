"""What changed between two revisions of one application, as people read it: answers, tables by row, files.

Pure. Values are compared in words, so what reads the same is the same; numbers also carry what they changed by. Hidden
questions are not there: one that is asked now and was not before is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grants.applications.domain.matching import Piece, RowMatch, compare_texts, match_rows
from grants.kernel.rules import Table
from grants.programmes.domain import (
    AttachedDocument,
    Case,
    CaseView,
    Definition,
    ReadField,
    ReadSection,
    read_sections,
)


class Turn(StrEnum):
    """What became of a row, an answer or a file."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One answer or cell in words before and after, empty for none. ``delta``: of numbers, in yuan for money."""

    path: str
    label: str
    old: str
    new: str
    pieces: tuple[Piece, ...]
    delta: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row with its places, from 1; ``cells``: what changed in it, of an added or removed row all that it holds."""

    id: str
    turn: Turn
    old_place: int | None
    new_place: int | None
    cells: tuple[ValueChange, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A question with what changed: ``value``, or the ``rows`` of a table."""

    path: str
    label: str
    value: ValueChange | None = None
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section with the questions that changed, in the order of the form."""

    key: str
    title: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A slot, of one row where rows have their own, before and after; ``unchanged`` have the same fingerprint."""

    key: str
    row: str
    gone: tuple[AttachedDocument, ...]
    came: tuple[AttachedDocument, ...]
    unchanged: tuple[AttachedDocument, ...]

    @property
    def turn(self) -> Turn | None:
        """Replaced where files went and came; None where nothing did."""
        if self.gone and self.came:
            return Turn.CHANGED
        return Turn.ADDED if self.came else Turn.REMOVED if self.gone else None


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that changed. ``files`` has every slot with a file in either, also those without a change."""

    sections: tuple[SectionChange, ...]
    files: tuple[FileChange, ...]

    @property
    def is_empty(self) -> bool:
        return not self.sections and not self.changed_files

    @property
    def changed_files(self) -> tuple[FileChange, ...]:
        return tuple(file for file in self.files if file.turn is not None)

    @property
    def count(self) -> int:
        """How many answers, rows and slots changed."""
        fields = [field for section in self.sections for field in section.fields]
        return sum(len(field.rows) or 1 for field in fields) + len(self.changed_files)


def compare_cases(definition: Definition, old: Case, new: Case, *, with_private: bool) -> Differences:
    """What changed from ``old`` to ``new``, both of this definition; the same case twice gives nothing.

    ``with_private``: whether fields marked private are compared; an auditor never reads them.
    """
    before = {section.key: section for section in read_sections(definition, old, with_private=with_private)}
    after = {section.key: section for section in read_sections(definition, new, with_private=with_private)}
    numbers = _Numbers(CaseView(definition, old)), _Numbers(CaseView(definition, new))
    sections = (
        SectionChange(key, title, tuple(_field_changes(definition, before.get(key), after.get(key), numbers)))
        for key, title in ((section.key, section.title) for section in definition.sections)
    )
    return Differences(
        tuple(section for section in sections if section.fields),
        tuple(compare_files(definition, old.documents, new.documents)),
    )


def compare_files(
    definition: Definition, old: Iterable[AttachedDocument], new: Iterable[AttachedDocument]
) -> Iterator[FileChange]:
    """Slot by slot in the order of the definition, rows by id; files are the same where their fingerprints are."""
    before, after = _by_slot(old), _by_slot(new)
    order = {slot.key: number for number, slot in enumerate(definition.documents)}
    for key, row in sorted({**before, **after}, key=lambda place: (order.get(place[0], len(order)), place[1])):
        was, now = before.get((key, row), ()), after.get((key, row), ())
        known, kept = {file.sha256 for file in was}, {file.sha256 for file in now}
        yield FileChange(
            key,
            row,
            gone=tuple(file for file in was if file.sha256 not in kept),
            came=tuple(file for file in now if file.sha256 not in known),
            unchanged=tuple(file for file in now if file.sha256 in known),
        )


def compare_values(path: str, label: str, old: str, new: str, *, delta: Decimal | None = None) -> ValueChange:
    """One answer in words before and after."""
    return ValueChange(path, label, old, new, compare_texts(old, new), delta)


class _Numbers:
    """The numbers of a case by path and row."""

    def __init__(self, view: CaseView) -> None:
        self.view = view

    def of(self, path: str) -> Decimal | None:
        value = self.view[path]
        return value if isinstance(value, Decimal) else None

    def of_rows(self, path: str) -> Mapping[str, Mapping[str, object]]:
        value = self.view[path]
        return {row.id: row.cells for row in value.rows} if isinstance(value, Table) else {}


def _field_changes(
    definition: Definition, old: ReadSection | None, new: ReadSection | None, numbers: tuple[_Numbers, _Numbers]
) -> Iterator[FieldChange]:
    before = {field.path: field for field in old.fields} if old else {}
    after = {field.path: field for field in new.fields} if new else {}
    for path in (field.path for section in definition.sections for field in section.fields):
        was, now = before.get(path), after.get(path)
        shown = now or was
        if shown is None:
            continue
        if shown.is_table:
            rows = tuple(_row_changes(shown, was, now, numbers))
            if rows:
                yield FieldChange(path, shown.label, rows=rows)
        elif _text(was) != _text(now):
            delta = _delta(numbers[0].of(path), numbers[1].of(path))
            yield FieldChange(path, shown.label, compare_values(path, shown.label, _text(was), _text(now), delta=delta))


def _row_changes(
    table: ReadField, old: ReadField | None, new: ReadField | None, numbers: tuple[_Numbers, _Numbers]
) -> Iterator[RowChange]:
    before, after = _cells(old), _cells(new)
    values = numbers[0].of_rows(table.path), numbers[1].of_rows(table.path)
    for match in match_rows(list(before), list(after)):
        texts = before.get(match.id, ()), after.get(match.id, ())
        cells = tuple(_cell_changes(table, texts, [side.get(match.id, {}) for side in values]))
        if cells or match.moved or None in (match.old, match.new):
            places = _from_one(match.old), _from_one(match.new)
            yield RowChange(match.id, _turn(match, cells), *places, cells, match.moved)


def _cell_changes(
    table: ReadField, texts: tuple[Sequence[str], Sequence[str]], values: Sequence[Mapping[str, object]]
) -> Iterator[ValueChange]:
    for place, column in enumerate(table.columns):
        old, new = (cells[place] if cells else "" for cells in texts)
        if old != new:
            key = column.path.rpartition(".")[2]
            delta = _delta(*(_number(cells.get(key)) for cells in values))
            yield compare_values(column.path, column.label, old, new, delta=delta)


def _turn(match: RowMatch, cells: Sequence[ValueChange]) -> Turn:
    if match.old is None:
        return Turn.ADDED
    if match.new is None:
        return Turn.REMOVED
    return Turn.CHANGED if cells else Turn.MOVED


def _cells(field: ReadField | None) -> dict[str, tuple[str, ...]]:
    return {row.id: row.cells for row in field.rows} if field else {}


def _text(field: ReadField | None) -> str:
    return field.text if field is not None and field.answered else ""


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _delta(old: Decimal | None, new: Decimal | None) -> Decimal | None:
    return None if old is None or new is None else new - old


def _from_one(place: int | None) -> int | None:
    return None if place is None else place + 1


def _by_slot(files: Iterable[AttachedDocument]) -> dict[tuple[str, str], tuple[AttachedDocument, ...]]:
    found: dict[tuple[str, str], tuple[AttachedDocument, ...]] = {}
    for file in files:
        place = (file.key, file.row or "")
        found[place] = (*found.get(place, ()), file)
    return found
