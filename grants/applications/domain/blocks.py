"""A block of cells as Excel and WPS put it on the clipboard: read, and written so that it reads back the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MAX_LINES = 1_000
MAX_COLUMNS = 60
MAX_CHARACTERS = 500_000

Line = tuple[str, ...]

# A quoted cell: doubled quotes within, then a tab or the end of the line. What only begins with a quote is as written.
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"(?=[\t\n]|\Z)')
_PLAIN = re.compile(r"[^\t\n]*+")
_NEEDS_QUOTES = re.compile(r'[\t\n]|\A"')


class BlockTooLargeError(ValueError):
    """More lines, columns or characters than are taken at once; ``code`` says which, ``limit`` how many are."""

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(code)
        self.code, self.limit = code, limit


def read_block(text: str) -> tuple[Line, ...]:
    """The lines of a pasted block, without empty ones at its end; every line as wide as the widest.

    Cells are parted by tabs, lines by line ends. A cell with a tab or a line end in it stands in quotes, its own quotes
    doubled; a cell in quotes that has none of these (``"高新"企业``) is taken as it stands, as Excel writes it.

    Raises:
        BlockTooLargeError: ``block_too_long``, ``block_too_wide`` or ``block_too_large``.
    """
    if len(text) > MAX_CHARACTERS:
        raise BlockTooLargeError("block_too_large", MAX_CHARACTERS)
    lines = _lines(text.replace("\r\n", "\n").replace("\r", "\n"))
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    width = max((_width(line) for line in lines), default=0)
    if len(lines) > MAX_LINES + 1:  # a heading beside
        raise BlockTooLargeError("block_too_long", MAX_LINES)
    if width > MAX_COLUMNS + 1:  # a column of marks beside
        raise BlockTooLargeError("block_too_wide", MAX_COLUMNS)
    return tuple((*line[:width], *("",) * (width - len(line))) for line in lines)


def write_block(lines: Iterable[Sequence[str]]) -> str:
    """Lines as text that ``read_block`` reads back: cells that need it in quotes."""
    return "\n".join("\t".join(_written(cell) for cell in line) for line in lines)


def _lines(text: str) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    at = 0
    while True:
        cell, at = _cell(text, at)
        lines[-1].append(cell)
        if at >= len(text):
            return lines
        if text[at] == "\n":
            lines.append([])
        at += 1


def _cell(text: str, at: int) -> tuple[str, int]:
    """The cell that begins at ``at``, and where it ends."""
    if text.startswith('"', at):
        found = _QUOTED.match(text, at)
        if found and ("\n" in found[1] or "\t" in found[1] or '""' in found[1]):
            return found[1].replace('""', '"'), found.end()
    plain = _PLAIN.match(text, at)
    assert plain is not None  # it matches nothing at all too
    return plain[0], plain.end()


def _width(line: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(line, 1) if cell.strip()), default=0)


def _written(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if _NEEDS_QUOTES.search(cell) else cell
