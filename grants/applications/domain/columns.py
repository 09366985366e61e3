"""Which column of a pasted block is which column of the table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grants.applications.domain.blocks import Line
from grants.programmes.domain import Field, FieldKind
from grants.programmes.domain.reading import unit_of

LEFT_OUT = ""
ROW_NAME = "@row"  # names the row of a table whose rows are fixed
MARK = "@mark"  # of the prepared workbook: which row it is, and how it stood
MARK_HEAD = "行标识（请勿修改）"

_BRACKETS = re.compile(r"(.+?)\(([^()]*)\)\Z")
_NUMBERED = re.compile(r"@\d{1,5}(\s|\Z)")
_UNITS = frozenset({"元", "万元", "千元", "亿元", "%"})


@dataclass(frozen=True, slots=True)
class Matching:
    """``targets``: for each pasted column a column's key, ``ROW_NAME``, ``MARK`` or ``LEFT_OUT``.

    ``has_heading``: the first line names the columns. ``other_units``: by place of a pasted column that was left out,
    the unit that its heading gives where the table's own column is filled in another.
    """

    targets: tuple[str, ...]
    has_heading: bool
    other_units: Mapping[int, str]

    def place_of(self, target: str) -> int | None:
        """Which pasted column that is."""
        return self.targets.index(target) if target in self.targets else None


def match_columns(
    lines: Sequence[Line],
    columns: Sequence[Field],
    *,
    row_names: Sequence[str] = (),
    row_label: str = "",
    has_heading: bool | None = None,
) -> Matching:
    """Match by the heading where the first line is one, else by order.

    Args:
        columns: the table's columns that are filled in, in order.
        row_names: names of the rows where they are fixed (years, for instance); ``row_label`` heads their column.
        has_heading: what the person says of the first line; None finds out.
    """
    first = lines[0] if lines else ()
    numbered = _numbered_column(lines)
    found = _by_heading(first, columns, row_label if row_names else "", numbered)
    names = sum(target not in (LEFT_OUT, MARK) for target in found.targets) + len(found.other_units)
    filled = sum(bool(cell.strip()) and target != MARK for cell, target in zip(first, found.targets, strict=True))
    if has_heading if has_heading is not None else names * 2 >= filled and names > 0:
        return found
    keys = [column.key for column in columns]
    if row_names and lines and _plain(first[0]) in {_plain(name) for name in row_names}:
        keys.insert(0, ROW_NAME)
    targets = [*keys, *(LEFT_OUT,) * len(first)][: len(first)]
    if numbered is not None:
        targets[numbered] = MARK
    return Matching(tuple(targets), has_heading=False, other_units={})


def clean_targets(targets: Sequence[str], columns: Sequence[Field], *, width: int, is_fixed: bool) -> tuple[str, ...]:
    """What a person chose, brought into shape: unknown targets and the second use of one are left out."""
    known = {column.key for column in columns} | {MARK} | ({ROW_NAME} if is_fixed else set())
    taken: set[str] = set()
    clean = []
    for target in (*targets, *(LEFT_OUT,) * width)[:width]:
        use = target if target in known and target not in taken else LEFT_OUT
        taken.add(use)
        clean.append(use)
    return tuple(clean)


def head_of(column: Field) -> str:
    """A column's heading with its unit: 金额（万元）."""
    unit = unit_of(column)
    return f"{column.label}（{unit}）" if unit else column.label


def origin_in(head: str) -> str:
    """Where the heading of the marks says that the workbook comes from."""
    return head.partition("#")[2].strip()


def _numbered_column(lines: Sequence[Line]) -> int | None:
    """The column that says of each line which of the workbook it is: @7, perhaps with its marks."""
    last = lines[-1] if lines else ()
    return next((place for place, cell in enumerate(last) if _NUMBERED.match(cell)), None)


def _by_heading(first: Line, columns: Sequence[Field], row_label: str, numbered: int | None) -> Matching:
    by_name = {_plain(column.label): column for column in columns}
    by_name |= {_plain(head_of(column)): column for column in columns}
    targets, other_units, taken = [], {}, set()
    for place, cell in enumerate(first):
        name, unit = _plain(cell), ""
        column = by_name.get(name)
        bracketed = _BRACKETS.fullmatch(name)
        if column is None and bracketed and bracketed[2] in _UNITS:
            column, unit = by_name.get(bracketed[1]), bracketed[2]
        target = column.key if column else _special(name, row_label)
        target = MARK if place == numbered else target
        if column is not None and column.kind is FieldKind.MONEY and unit and unit != unit_of(column):
            other_units[place] = unit
            target = LEFT_OUT
        targets.append(LEFT_OUT if target in taken else target)
        taken.add(target)
    return Matching(tuple(targets), has_heading=True, other_units=other_units)


def _special(name: str, row_label: str) -> str:
    if name.startswith(_plain(MARK_HEAD)):
        return MARK
    return ROW_NAME if row_label and name == _plain(row_label) else LEFT_OUT


def _plain(text: str) -> str:
    """Without spaces and asterisks, brackets and figures in one width, small letters."""
    return re.sub(r"[\s*]+", "", unicodedata.normalize("NFKC", text)).lower()
