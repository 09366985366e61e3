"""From sheets to a result (decision 31): trim once, by total; every other figure comes from the sheets that remain;
nothing is rounded before the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grants.programmes.domain.model import Rubric

HALF = Fraction(1, 2)
MAX_DECIMALS = 2  # points are kept in hundredths


@dataclass(frozen=True, slots=True)
class Sheet:
    """One expert's points per sub-criterion, in hundredths; ``position`` is the order of assignment."""

    position: int
    points: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.points.values())


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``total_hundredths`` is rounded half up to the rubric's decimals, at the very end; ``exact`` and ``criteria`` are
    unrounded means in hundredths."""

    total_hundredths: int
    exact: Fraction
    criteria: Mapping[str, Fraction]
    trimmed: tuple[int, ...]
    spread_hundredths: int
    flagged: bool
    failed_minimums: tuple[str, ...]
    passed: bool


def aggregate(rubric: Rubric, sheets: Sequence[Sheet], *, pass_mark_hundredths: int) -> Aggregate:
    """Trim, average, compare with the pass mark and the criterion minimums.

    Args:
        sheets: all valid sheets of the panel, at least 2 x ``rubric.trim`` + 1.
        pass_mark_hundredths: compared with the exact mean, before any rounding.

    Raises:
        ValueError: too few sheets to trim.
    """
    remaining, trimmed = _trim(sheets, rubric.trim)
    criteria = {
        criterion.key: _mean([sum(sheet.points[sub.key] for sub in criterion.subs) for sheet in remaining])
        for criterion in rubric.criteria
    }
    exact = _mean([sheet.total for sheet in remaining])
    failed = tuple(
        minimum.criterion
        for minimum in rubric.criterion_minimums
        if criteria[minimum.criterion]
        < Fraction(minimum.share) * Fraction(rubric.criterion(minimum.criterion).maximum) * 100
    )
    totals = [sheet.total for sheet in sheets]
    spread = max(totals) - min(totals)
    return Aggregate(
        total_hundredths=_rounded(exact, rubric.decimals),
        exact=exact,
        criteria=criteria,
        trimmed=trimmed,
        spread_hundredths=spread,
        flagged=rubric.spread_flag is not None and spread >= rubric.spread_flag * 100,
        failed_minimums=failed,
        passed=exact >= pass_mark_hundredths and not failed,
    )


def _trim(sheets: Sequence[Sheet], trim: int) -> tuple[list[Sheet], tuple[int, ...]]:
    """Take away the ``trim`` highest and lowest totals; of equal totals the earliest assigned sheet goes."""
    if len(sheets) < 2 * trim + 1:
        raise ValueError(f"{len(sheets)} sheets cannot lose {2 * trim}")
    remaining, trimmed = sorted(sheets, key=lambda sheet: sheet.position), []
    for pick in [max, min] * trim:
        extreme = pick(sheet.total for sheet in remaining)
        gone = next(sheet for sheet in remaining if sheet.total == extreme)
        remaining.remove(gone)
        trimmed.append(gone.position)
    return remaining, tuple(trimmed)


def _rounded(exact: Fraction, decimals: int) -> int:
    """Hundredths of a point, half up to ``decimals`` decimals of a point (0, 1 or 2)."""
    step = int(10 ** (MAX_DECIMALS - decimals))
    return int(exact / step + HALF) * step


def _mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))
