"""The lines of a large table as texts: of a workbook's first sheet, or of text with commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from grants.sandbox import sheets
from grants.sandbox.cells import text_of
from grants.sandbox.refusal import Refused

MAX_LINES = 200_010  # two hundred thousand records, and what stands above them
MAX_CELLS = 3_000_000
MAX_FIELD = 20_000  # characters: a quotation mark that nobody closed takes the rest of the file for one cell
DELIMITERS = (",", "\t", ";")
LOOKED_AT = 50  # lines by which the delimiter is told
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

Lines = Iterable[tuple[int, Sequence[str]]]


def lines(path: Path, kind: str, out: Path) -> dict[str, object]:
    """Write the filled lines to ``out``, each as JSON on a line of its own: [number, [cell, ...]].

    Raises:
        Refused: it cannot be opened or read, or has more than MAX_LINES lines or MAX_CELLS cells.
    """
    found = _of_workbook(path, out) if kind == "xlsx" else _of_text(path)
    count = size = 0
    with out.open("w", encoding="utf-8", errors="replace") as file:
        for number, cells in found:
            if not any(cell.strip() for cell in cells):
                continue
            count, size = count + 1, size + len(cells)
            if count > MAX_LINES or size > MAX_CELLS:
                raise Refused("table_too_large")
            file.write(json.dumps([number, cells], ensure_ascii=False) + "\n")
    return {"lines": count}


def _of_workbook(path: Path, out: Path) -> Lines:
    """Formulas are never run: a cell is what the program that wrote it last had found."""
    sheets.prove(path, "xlsx", out)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            if sheet.total_height > MAX_LINES or sheet.total_height * sheet.total_width > MAX_CELLS:
                raise Refused("table_too_large")
            rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("file_broken") from error
    return ((number, [text_of(cell) for cell in row]) for number, row in enumerate(rows, 1))


def _of_text(path: Path) -> Lines:
    text = list(io.StringIO(_decoded(path.read_bytes()), newline=""))
    return _numbered(text, _delimiter(text))


def _decoded(content: bytes) -> str:
    """UTF-8, what Excel calls Unicode, or GB18030, which has GBK and GB2312 in it."""
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("table_encoding")


def _delimiter(text: Sequence[str]) -> str:
    """The one by which most of the first lines have the same number of columns, and more than one."""

    def agreement(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(cells) for _, cells in _numbered(text[:LOOKED_AT], delimiter, strict=False))
        except Refused:
            return 0, 0
        return max(((lines, width) for width, lines in widths.items() if width > 1), default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _numbered(text: Sequence[str], delimiter: str, *, strict: bool = True) -> Iterator[tuple[int, Sequence[str]]]:
    """Each record with the number of the line on which it begins."""
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(text, delimiter=delimiter, strict=strict)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise Refused("table_broken") from error
