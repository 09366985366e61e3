"""Aggregating sheets and checking one: decision 31 and the rubric."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.programmes.domain.model import Criterion, CriterionMinimum, Rubric, SubCriterion
from grants.reviews.domain import Sheet, SheetFault, aggregate, check_sheet, sheet_total


def criterion(key: str, *maxima: int) -> Criterion:
    subs = tuple(
        SubCriterion(f"{key}{n}", f"{key}-{n}", Decimal(maximum), Decimal("0.5"), "", Decimal("0.6"), 20)
        for n, maximum in enumerate(maxima, 1)
    )
    return Criterion(key, key, subs, ())


def rubric(*, minimums: tuple[CriterionMinimum, ...] = ()) -> Rubric:
    unread = cast(Any, SimpleNamespace())  # expressions that aggregation never evaluates
    return Rubric((criterion("T", 40, 20), criterion("I", 40)), unread, (), 1, 2, unread, minimums, (), Decimal(30))


def sheet(position: int, *points: int) -> Sheet:
    return Sheet(position, dict(zip(("T1", "T2", "I1"), points, strict=True)))


def test_the_highest_and_the_lowest_total_go_and_the_rest_is_averaged() -> None:
    sheets = [
        sheet(1, 3000, 1500, 3000),
        sheet(2, 4000, 2000, 4000),
        sheet(3, 1000, 500, 1000),
        sheet(4, 3050, 1500, 3000),
        sheet(5, 3100, 1500, 3000),
    ]

    result = aggregate(rubric(), sheets, pass_mark_hundredths=6000)

    assert result.trimmed == (2, 3)
    assert result.exact == Fraction(7500 + 7550 + 7600, 3)
    assert result.total_hundredths == 7550
    assert result.criteria == {"T": Fraction(4500 + 4550 + 4600, 3), "I": Fraction(3000)}
    assert result.spread_hundredths == 7500
    assert result.flagged
    assert result.passed


def test_of_equal_totals_the_earliest_assigned_sheet_goes() -> None:
    sheets = [sheet(position, 3000, 1500, 3000) for position in (3, 1, 2, 5, 4)]

    assert aggregate(rubric(), sheets, pass_mark_hundredths=6000).trimmed == (1, 2)


def test_the_pass_mark_is_compared_before_rounding_and_half_goes_up_after() -> None:
    full = sheet(1, 2000, 2000, 2000)

    almost = sheet(2, 2000, 2000, 1999)
    result = aggregate(rubric(), [full, full, almost, almost, full], pass_mark_hundredths=6000)

    assert result.exact == Fraction(5999 + 6000 + 6000, 3)
    assert result.total_hundredths == 6000
    assert not result.passed


@pytest.mark.parametrize(("decimals", "total"), [(2, 7545), (1, 7550), (0, 7500)])
def test_the_total_has_the_decimals_of_the_rubric(decimals: int, total: int) -> None:
    sheets = [sheet(position, 3000, 1500, 3045) for position in range(1, 6)]

    result = aggregate(replace(rubric(), decimals=decimals), sheets, pass_mark_hundredths=7545)

    assert (result.total_hundredths, result.exact) == (total, 7545)
    assert result.passed, "what is compared with the pass mark is exact"


def test_a_criterion_minimum_is_taken_from_the_remaining_sheets() -> None:
    strict = rubric(minimums=(CriterionMinimum("I", Decimal("0.6")),))
    low, high = sheet(1, 4000, 2000, 2399), sheet(2, 4000, 2000, 2400)

    assert aggregate(strict, [low, high, high, low, high], pass_mark_hundredths=0).failed_minimums == ("I",)
    assert aggregate(strict, [high] * 5, pass_mark_hundredths=0).passed


def test_too_few_sheets_give_no_result() -> None:
    with pytest.raises(ValueError, match="sheets"):
        aggregate(rubric(), [sheet(1, 0, 0, 0), sheet(2, 0, 0, 0)], pass_mark_hundredths=0)


points = st.integers(0, 80).map(lambda halves: halves * 50)


@given(st.lists(st.tuples(points, st.integers(0, 40).map(lambda h: h * 50), points), min_size=3, max_size=9))
def test_the_mean_lies_between_the_extremes_and_the_criteria_add_up(rows: list[tuple[int, int, int]]) -> None:
    sheets = [sheet(position, *row) for position, row in enumerate(rows)]

    result = aggregate(rubric(), sheets, pass_mark_hundredths=0)

    totals = sorted(s.total for s in sheets)[1:-1]
    assert result.exact == Fraction(sum(totals), len(totals))
    assert sum(result.criteria.values()) == result.exact


@pytest.mark.parametrize(
    ("points", "comments", "complete", "faults"),
    [
        ({"T1": 3000, "T2": 1500, "I1": 3000}, {}, True, ()),
        ({"T1": 3000}, {}, False, ()),
        ({"T1": 3000, "I1": 3000}, {}, True, (SheetFault("T2", "score_missing"),)),
        ({"T1": 4050, "T2": 1500, "I1": 3000}, {}, False, (SheetFault("T1", "score_out_of_range", "40"),)),
        ({"T1": 3025, "T2": 1500, "I1": 3000}, {}, False, (SheetFault("T1", "score_off_step", "0.5"),)),
        ({"T1": 2350, "T2": 1500, "I1": 3000}, {"T1": "太短"}, True, (SheetFault("T1", "comment_missing", "20"),)),
        ({"T1": 2400, "T2": 1500, "I1": 3000}, {}, True, ()),
        ({"T1": 2350, "T2": 1500, "I1": 3000}, {"T1": "指标与国外同类产品相比仍有差距，缺少第三方证明。"}, True, ()),
    ],
)
def test_a_sheet_is_checked_against_the_rubric(
    points: dict[str, int | None], comments: dict[str, str], complete: bool, faults: tuple[SheetFault, ...]
) -> None:
    assert check_sheet(rubric(), points, comments, complete=complete) == faults


def test_the_total_counts_what_was_given() -> None:
    assert sheet_total(rubric(), {"T1": 3000, "I1": None}) == 3000
