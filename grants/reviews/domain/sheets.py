"""Checking one score sheet against the rubric. Points are integer hundredths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from grants.programmes.domain.model import Rubric, SubCriterion
from grants.reviews.errors import SheetFault

HUNDRED = 100


def check_sheet(
    rubric: Rubric, points: Mapping[str, int | None], comments: Mapping[str, str], *, complete: bool
) -> tuple[SheetFault, ...]:
    """Every fault of a sheet, in the rubric's order. A draft (``complete`` false) may lack scores and comments."""
    return tuple(
        fault
        for criterion in rubric.criteria
        for sub in criterion.subs
        for fault in _faults(sub, points.get(sub.key), comments.get(sub.key, ""), complete=complete)
    )


def sheet_total(rubric: Rubric, points: Mapping[str, int | None]) -> int:
    """Sum of the points given, in hundredths."""
    return sum(points.get(sub.key) or 0 for criterion in rubric.criteria for sub in criterion.subs)


def needs_comment(sub: SubCriterion, hundredths: int) -> bool:
    """Whether a score is so low that the rubric asks why (domain.md: under 60 % of the maximum)."""
    return sub.comment_below is not None and hundredths < sub.comment_below * sub.maximum * HUNDRED


def _faults(sub: SubCriterion, hundredths: int | None, comment: str, *, complete: bool) -> Iterator[SheetFault]:
    if hundredths is None:
        if complete:
            yield SheetFault(sub.key, "score_missing")
        return
    if not 0 <= hundredths <= sub.maximum * HUNDRED:
        yield SheetFault(sub.key, "score_out_of_range", f"{sub.maximum.normalize():f}")
    elif hundredths % (sub.step * HUNDRED) != Decimal(0):
        yield SheetFault(sub.key, "score_off_step", f"{sub.step.normalize():f}")
    elif complete and needs_comment(sub, hundredths) and len(comment.strip()) < sub.comment_min_length:
        yield SheetFault(sub.key, "comment_missing", str(sub.comment_min_length))
