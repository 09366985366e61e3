"""The lines of a pasted block as what they would store: which row each belongs to, and every cell that cannot be
read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from grants.applications.domain import Draft, has_own_rows
from grants.applications.domain.blocks import Line
from grants.applications.domain.cell_texts import filled_columns
from grants.applications.domain.columns import MARK, ROW_NAME, Matching
from grants.applications.domain.importing import ImportLine, read_mark
from grants.applications.forms.cells import CellReader
from grants.programmes.domain import Field

ID_LENGTH = 11
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Bases = Mapping[str, Mapping[str, str]]  # row -> column path -> mark


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that could not be read; without ``column`` the fault is the whole line's."""

    column: Field | None
    place: int
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of the block. ``number`` counts from 1, heading included; ``origin`` is its line in the workbook.

    ``line`` is what it would store; None where something in it cannot be read.
    """

    number: int
    origin: int | None
    cells: Line
    line: ImportLine | None
    faults: tuple[CellFault, ...]

    def address(self, fault: CellFault) -> str:
        """C7 in the workbook, otherwise the line of the block."""
        if self.origin is not None:
            return f"{column_letters(fault.place)}{self.origin}" if fault.column else str(self.origin)
        return str(_("第 %(n)s 行", n=self.number))


def read_lines(
    draft: Draft,
    table: Field,
    block: Sequence[Line],
    matching: Matching,
    *,
    batch: str,
    bases: Bases,
    marks_hold: bool,
) -> list[ReadLine]:
    """Read every line with something in it.

    Args:
        batch: what the ids of added rows are made of, with the number of the line: sent twice, a line adds one row.
        bases: how the cells of rows stood when they were shown, for lines that carry no marks.
        marks_hold: the block comes from a workbook prepared for this very table; otherwise its marks say nothing.
    """
    reader = _LineReader(draft, table, matching, batch, bases, marks_hold=marks_hold)
    start = 1 if matching.has_heading else 0
    filled = [(number, cells) for number, cells in enumerate(block[start:], start + 1) if reader.has_content(cells)]
    return [reader.read(place, number, cells) for place, (number, cells) in enumerate(filled)]


class _LineReader:
    def __init__(
        self, draft: Draft, table: Field, matching: Matching, batch: str, bases: Bases, *, marks_hold: bool
    ) -> None:
        self.draft, self.table, self.batch, self.bases, self.marks_hold = draft, table, batch, bases, marks_hold
        self.columns = filled_columns(table)
        by_key = {column.key: column for column in self.columns}
        self.mapped = {place: by_key[key] for place, key in enumerate(matching.targets) if key in by_key}
        self.mark, self.name = matching.place_of(MARK), matching.place_of(ROW_NAME)
        self.rows = draft.row_ids(table)
        self.reader = CellReader(draft.definition, self.columns)

    def has_content(self, cells: Line) -> bool:
        return any(cells[place].strip() for place in self.mapped)

    def read(self, place: int, number: int, cells: Line) -> ReadLine:
        origin, row, bases = self._marked(cells)
        places = {column.path: at for at, column in self.mapped.items()}
        found = self.reader.read({path: cells[at] for path, at in places.items()})
        faults = [
            CellFault(self.mapped[places[path]], places[path], cells[places[path]], message)
            for path, message in found.faults.items()
        ]
        if not has_own_rows(self.table) and not row:
            row, fault = self._fixed_row(place, cells)
            faults += [fault] if fault else []
        line = ImportLine(number, row, self._new_id(number), found.values, bases or self.bases.get(row, {}))
        return ReadLine(number, origin, cells, None if faults else line, tuple(faults))

    def _marked(self, cells: Line) -> tuple[int | None, str, dict[str, str]]:
        if self.mark is None:
            return None, "", {}
        origin, row, bases = read_mark(cells[self.mark], self.columns)
        return (origin, row, bases) if self.marks_hold else (origin, "", {})

    def _fixed_row(self, place: int, cells: Line) -> tuple[str, CellFault | None]:
        """The row of a table whose rows nobody adds: by its name where the block has one, else by its place."""
        if self.name is not None:
            name = cells[self.name].strip().removesuffix(str(_("年")))
            message = str(_("没有这一行，可填：%(rows)s。", rows="、".join(self.rows)))
            return (name, None) if name in self.rows else ("", CellFault(None, self.name, cells[self.name], message))
        if place < len(self.rows):
            return self.rows[place], None
        message = str(_("本表只有 %(n)s 行，没有与这一行对应的内容。", n=len(self.rows)))
        return "", CellFault(None, 0, "", message)

    def _new_id(self, number: int) -> str:
        return "r" + hashlib.sha256(f"{self.batch}:{number}".encode()).hexdigest()[:ID_LENGTH]


def column_letters(place: int) -> str:
    """A, B ... Z, AA: the letters of a column of a workbook, counted from 0."""
    letters = LETTERS[place % len(LETTERS)]
    return letters if place < len(LETTERS) else column_letters(place // len(LETTERS) - 1) + letters
