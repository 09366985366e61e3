"""Tables for spreadsheets that nobody here controls: as CSV, without a cell that would be computed there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would take such a cell for a formula
BOM = "\ufeff"  # so that Excel reads UTF-8


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Headings and rows in UTF-8 with byte order mark; cells that look like formulas are disarmed by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([disarmed(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def disarmed(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
