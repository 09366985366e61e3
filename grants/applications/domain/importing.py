"""What taking in lines would do to a table: rows added, cells changed, and what somebody has changed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grants.applications.domain.drafts import Draft, digest
from grants.programmes.domain import Field, FieldKind, to_case_value

WHOLE_ROW = ""
MARK_LENGTH = 8
EXACT_KINDS = frozenset({FieldKind.DECIMAL, FieldKind.PERCENT})
_MARK = re.compile(r"(?:@(\d{1,5}))?\s*(?:(r[0-9a-z]{1,12}|[^\s|]{1,36})\|([0-9a-f,]*))?")
Place = tuple[str, str]  # row, path; an empty path is the whole row


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line that could be read.

    ``row`` is the row it changes, empty for a line that adds one; ``new_id`` the id of a row added for it. ``values``
    are stored answers by column path (None clears), ``bases`` the marks of the cells as the line's source had them;
    a cell without base replaces what stands.
    """

    number: int
    row: str
    new_id: str
    values: Mapping[str, Any]
    bases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellClash:
    """Both the source and a colleague have changed the same cell; theirs stands. An empty path: the row was deleted."""

    line: ImportLine
    path: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``beyond``: lines for which the table has no room; ``known``: lines that were taken before."""

    added: tuple[ImportLine, ...] = ()
    changed: tuple[tuple[str, str, Any], ...] = ()  # row, path, value
    clashes: tuple[CellClash, ...] = ()
    beyond: tuple[ImportLine, ...] = ()
    known: tuple[ImportLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be stored."""
        return not self.added and not self.changed

    @property
    def changed_rows(self) -> int:
        """In how many rows cells would be changed."""
        return len({row for row, _, _ in self.changed})


def plan_import(
    draft: Draft,
    table: Field,
    lines: Sequence[ImportLine],
    *,
    insisted: Collection[Place] = (),
    taken: Collection[str] = (),
    replacing: bool = False,
) -> ImportPlan:
    """Work out what taking these lines in would do to the draft as it stands.

    Args:
        insisted: clashes that the person has seen and decided for the source, by row and path.
        taken: ids of all rows the table ever had, deleted ones too: a line sent twice adds one row.
        replacing: every standing row goes first, so the whole table is room.
    """
    added: list[ImportLine] = []
    changed: list[tuple[str, str, Any]] = []
    clashes: list[CellClash] = []
    beyond: list[ImportLine] = []
    known: list[ImportLine] = []
    standing = draft.row_ids(table)
    room = None if table.max_rows is None else table.max_rows - (0 if replacing else len(standing))
    for line in lines:
        if line.row and line.row in standing:
            ours, clashing = _cells(draft, table, line, insisted)
            changed += ours
            clashes += clashing
        elif line.row and (line.row, WHOLE_ROW) not in insisted:
            if not _is_untouched(table, line):
                clashes.append(CellClash(line, WHOLE_ROW, None, None))
        elif line.new_id in taken:
            known.append(line)
        elif room is not None and len(added) >= room:
            beyond.append(line)
        else:
            added.append(line)
    return ImportPlan(tuple(added), tuple(changed), tuple(clashes), tuple(beyond), tuple(known))


def cell_mark(column: Field, stored: Any) -> str:
    """A cell in short: the same for values that are equal however they are written (12.50 and 12.5)."""
    if stored is not None and column.kind in EXACT_KINDS:
        stored = f"{Decimal(stored).normalize():f}"
    return digest(stored)[:MARK_LENGTH]


def table_origin(application: str, table: Field, columns: Sequence[Field]) -> str:
    """What a prepared workbook says of where it comes from: marks of another application or form say nothing here."""
    return digest([application, table.path, [column.key for column in columns]])


def row_mark(draft: Draft, columns: Sequence[Field], row: str) -> str:
    """What the prepared workbook keeps of a row: its id, and the marks of its cells in the order of the columns."""
    return f"{row}|{','.join(cell_mark(column, draft.value(column.path, row)) for column in columns)}"


def read_mark(text: str, columns: Sequence[Field]) -> tuple[int | None, str, dict[str, str]]:
    """Line of the workbook, row and bases that a mark names; None and nothing where it names none."""
    found = _MARK.fullmatch(text.strip())
    if found is None:
        return None, "", {}
    line = int(found[1]) if found[1] else None
    marks = (found[3] or "").split(",")
    if not found[2] or len(marks) != len(columns):
        return line, "", {}
    return line, found[2], {column.path: mark for column, mark in zip(columns, marks, strict=True)}


def same_value(column: Field, one: Any, other: Any) -> bool:
    """Whether two stored values say the same."""
    return one == other or (one is not None and other is not None and _value(column, one) == _value(column, other))


def _value(column: Field, stored: Any) -> Any:
    return to_case_value(column, stored)


def _cells(
    draft: Draft, table: Field, line: ImportLine, insisted: Collection[Place]
) -> tuple[list[tuple[str, str, Any]], list[CellClash]]:
    """Cells of a standing row that the line changes, and those that somebody else has changed as well."""
    changed, clashes = [], []
    for column in table.columns:
        if column.path not in line.values:
            continue
        mine, theirs = line.values[column.path], draft.value(column.path, line.row)
        base = line.bases.get(column.path)
        if same_value(column, mine, theirs) or (base is not None and cell_mark(column, mine) == base):
            continue
        if base is not None and cell_mark(column, theirs) != base and (line.row, column.path) not in insisted:
            clashes.append(CellClash(line, column.path, mine, theirs))
        else:
            changed.append((line.row, column.path, mine))
    return changed, clashes


def _is_untouched(table: Field, line: ImportLine) -> bool:
    """Whether the line says what its row said when the workbook was prepared."""
    given = [column for column in table.columns if column.path in line.values]
    return bool(line.bases) and all(
        cell_mark(column, line.values[column.path]) == line.bases.get(column.path) for column in given
    )
