"""A measured figure with the limit beside it, and the table of all of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

HEAD = ("work", "ours", "", "bare limit", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    ``limit`` is the bare limit in the same unit; ``ratio`` how far we are from it, in the words of ``goal``: a multiple
    of the limit's time (smaller is better) or a share of its rate. ``met``: whether the goal is reached; None where
    there is none.
    """

    work: str
    value: float
    unit: str
    limit: float | None = None
    ratio: str = ""
    goal: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The texts of the line."""
        verdict = {None: "", True: "met", False: "missed"}[self.met]
        limit = "" if self.limit is None else number(self.limit)
        return (self.work, number(self.value), self.unit, limit, self.ratio, self.goal, verdict)


def number(value: float) -> str:
    """A figure with as many digits as mean something: 1,234 or 56.7 or 1.23."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.0f}" if value == int(value) else f"{value:,.{digits}f}"


def times(work: str, *, rate: float, limit: float, at_most: float | None = None, unit: str = "per second") -> Figure:
    """A rate whose distance to the limit is a multiple of the limit's time."""
    multiple = limit / rate
    goal = "" if at_most is None else f"<= {number(at_most)} x"
    return Figure(work, rate, unit, limit, f"{multiple:.1f} x", goal, None if at_most is None else multiple <= at_most)


def share(work: str, *, rate: float, limit: float, at_least_percent: float, unit: str = "per second") -> Figure:
    """A rate whose distance to the limit is a share of the limit's rate."""
    percent = 100 * rate / limit
    goal = f">= {number(at_least_percent)} %"
    return Figure(work, rate, unit, limit, f"{percent:.0f} %", goal, percent >= at_least_percent)


def at_most(work: str, value: float, unit: str, bound: float) -> Figure:
    """A count or a time with a bound of its own."""
    return Figure(work, value, unit, goal=f"<= {number(bound)}", met=value <= bound)


def at_least(work: str, value: float, unit: str, bound: float) -> Figure:
    """A rate with a bound of its own."""
    return Figure(work, value, unit, goal=f">= {number(bound)}", met=value >= bound)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return quantiles(values, n=100)[-1] if len(values) > 1 else values[0]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def table(figures: Iterable[Figure]) -> str:
    """All figures in columns; text to the left, figures to the right."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(width(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(_padded(cell, widths[column], column) for column, cell in enumerate(row)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * max(width(line) for line in lines), *lines[1:]])


def width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(cell: str, columns: int, column: int) -> str:
    blank = " " * (columns - width(cell))
    return blank + cell if column in (1, 3, 4) else cell + blank
