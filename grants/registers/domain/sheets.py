"""The lines of an uploaded table: where its headings are, and its records with everything that is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grants.registers.domain.cells import CellError, JsonValue, clean, read_cell, read_code
from grants.registers.domain.headings import USCC, knows, label_of
from grants.registers.domain.records import Entry
from grants.registers.domain.registers import Register

NumberedLine = tuple[int, Sequence[str]]
MAX_FAULTS = 20_000  # that are kept to be read; all are counted
MAX_COLUMNS = 100
MAX_HEADING = 80
TITLE_LINES = 10  # among which the headings are looked for: such files often begin with a title
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong with one cell or line: the file's own line number, the heading, and why."""

    line: int
    column: str
    message: str


@dataclass(slots=True)
class Sheet:
    """A table's records and faults; ``faults`` are the first of ``fault_count``."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    fault_count: int = 0

    def note(self, line: int, column: str, message: str) -> None:
        """Count a fault, and list it while there are few."""
        self.fault_count += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(SheetFault(line, column, message))


def find_headings(register: Register, lines: Sequence[NumberedLine]) -> int | None:
    """The place in ``lines`` of the line of headings: the first that names most columns; None of an empty table.

    Where no line names any, it is the first of those with most cells: the administrator says which column is which.
    """
    looked_at = [[clean(cell) for cell in cells[:MAX_COLUMNS]] for _, cells in lines[:TITLE_LINES]]
    fits = [(knows(register, cells), sum(map(bool, cells))) for cells in looked_at]
    return fits.index(max(fits)) if fits else None


def heading_texts(cells: Sequence[str]) -> list[str]:
    """The headings as they are shown and remembered."""
    texts = [clean(cell)[:MAX_HEADING] for cell in cells[:MAX_COLUMNS]]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def read_sheet(
    register: Register, lines: Iterable[NumberedLine], headings: Sequence[str], mapping: Mapping[str, int]
) -> Sheet:
    """Turn the lines below the headings into records, by ``mapping`` from columns to places.

    A column without a place is unknown in every record. A blank line is no record. Of a register with one record per
    code the second line of a code is a fault.
    """
    sheet = Sheet()
    seen: Counter[str] = Counter()
    for number, cells in lines:
        if not any(clean(cell) for cell in cells):
            continue
        before = sheet.fault_count
        code, record = _read_line(sheet, register, number, cells, headings, mapping)
        if sheet.fault_count > before:
            continue
        seen[code] += 1
        if register.single and seen[code] > 1:
            sheet.note(number, label_of(register, USCC), f"{code} 出现不止一次，每个单位只能有一行")
        else:
            sheet.entries.append((code, record))
    return sheet


def _read_line(
    sheet: Sheet,
    register: Register,
    number: int,
    cells: Sequence[str],
    headings: Sequence[str],
    mapping: Mapping[str, int],
) -> tuple[str, dict[str, JsonValue]]:
    code, values = "", dict[str, JsonValue].fromkeys(register.columns)
    for column, place in mapping.items():
        cell = cells[place] if place < len(cells) else ""
        try:
            if column == USCC:
                code = read_code(cell)
            else:
                values[column] = read_cell(register.columns[column], cell)
        except CellError as error:
            heading = headings[place] if place < len(headings) else ""
            sheet.note(number, heading or label_of(register, column), str(error))
    return code, values
