"""Ranking with its tie-breaks, and whole plans."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from grants.calls.states import Shortfall
from grants.decisions.domain import (
    Entry,
    FundShare,
    Lowering,
    PlanRules,
    Standing,
    compare_plans,
    funding_line,
    plan_awards,
    rank_candidates,
    rank_the_rest,
    reallocate,
)
from grants.kernel.money import yuan
from grants.programmes.domain import TieBreak, TieKind

TIES = (
    TieBreak(TieKind.CONDITION, "有区级配套者在前"),
    TieBreak(TieKind.CRITERION, "技术得分高者在前", criterion="T1"),
    TieBreak(TieKind.RECEIPT_NO, "受理编号在前者在前"),
)
FUNDS = (FundShare("first", yuan(3_000_000)), FundShare("second", yuan(2_000_000)))


def standing(number: int, exact: Fraction | int, *, t1: int = 0, match: bool = False, passed: bool = True) -> Standing:
    return Standing(UUID(int=number), number, passed, Fraction(exact), {"T1": Fraction(t1)}, {TIES[0].label: match})


def entry(number: int, exact: int, computed_yuan: int | None, *, passed: bool = True) -> Entry:
    computed_fen = None if computed_yuan is None else yuan(computed_yuan)
    return Entry(standing(number, exact, passed=passed), exact, yuan(4_000_000), computed_fen, ())


def rules(shortfall: Shortfall = Shortfall.CUT_LAST, **lowerings: Lowering) -> PlanRules:
    return PlanRules(TIES, FUNDS, shortfall, {UUID(int=int(key[1:])): value for key, value in lowerings.items()})


def order(*standings: Standing) -> list[int]:
    return [place.standing.receipt_no for place in rank_candidates(standings, TIES)]


def test_exact_means_decide_where_rounded_ones_are_equal() -> None:
    assert order(standing(1, Fraction(24_001, 3)), standing(2, Fraction(24_002, 3))) == [2, 1]


def test_ties_are_broken_in_the_rubrics_order() -> None:
    assert order(standing(1, 80, t1=30), standing(2, 80, t1=20, match=True)) == [2, 1]
    assert order(standing(1, 80, t1=20), standing(2, 80, t1=30)) == [2, 1]
    assert order(standing(2, 80, t1=20), standing(1, 80, t1=20)) == [1, 2]


def test_those_who_did_not_pass_come_after_all_others() -> None:
    standings = [standing(1, 59, passed=False), standing(2, 61), standing(3, 99, passed=False)]

    assert [place.rank for place in rank_candidates(standings, TIES)] == [1]
    assert [(place.rank, place.standing.receipt_no) for place in rank_the_rest(standings, TIES)] == [(2, 3), (3, 1)]


def test_a_plan_gives_reasons_and_keeps_amounts_apart() -> None:
    entries = [
        entry(1, 90, 4_000_000),
        entry(2, 80, 1_500_000),
        entry(3, 70, 200_000),
        entry(4, 50, 900_000, passed=False),
        entry(5, 85, None),
        entry(6, 84, 0),
    ]

    plan = plan_awards(entries, rules())

    assert [(line.reference.int, line.proposed_fen) for line in plan.lines] == [
        (1, yuan(4_000_000)),
        (5, 0),
        (6, 0),
        (2, yuan(1_000_000)),
        (3, 0),
        (4, 0),
    ]
    assert [bool(line.reason) for line in plan.lines] == [False, True, True, True, True, True]
    assert (plan.proposed_fen, plan.left_fen, plan.funded) == (yuan(5_000_000), 0, 2)
    assert funding_line(plan.lines) == 4


def test_an_award_at_the_border_of_two_funds_is_split() -> None:
    plan = plan_awards([entry(1, 90, 4_000_000)], rules())

    assert plan.lines[0].funds == (FundShare("first", yuan(3_000_000)), FundShare("second", yuan(1_000_000)))


def test_a_lowered_line_keeps_the_officers_reason_and_frees_money() -> None:
    entries = [entry(1, 90, 4_000_000), entry(2, 80, 2_000_000)]
    before = plan_awards(entries, rules(Shortfall.STOP))

    after = plan_awards(entries, rules(Shortfall.STOP, _1=Lowering(yuan(3_000_000), "与既有支持重叠")))

    assert after.lines[0].reason == "与既有支持重叠"
    assert [change.difference_fen for change in compare_plans(before.lines, after.lines)] == [
        -yuan(1_000_000),
        yuan(2_000_000),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 400), st.booleans()), max_size=30),
    st.sampled_from(list(Shortfall)),
)
def test_every_plan_is_sound(rows: list[tuple[int, int, bool]], shortfall: Shortfall) -> None:
    entries = [entry(n, exact, wan * 10_000, passed=passed) for n, (exact, wan, passed) in enumerate(rows)]

    plan = plan_awards(entries, rules(shortfall))

    assert [line.rank for line in plan.lines] == list(range(1, len(rows) + 1))
    assert 0 <= plan.proposed_fen <= plan.ceiling_fen
    assert all(line.proposed_fen == 0 for line in plan.lines if not line.passed)
    assert all(line.reason for line in plan.lines if line.proposed_fen < line.computed_fen or not line.proposed_fen)
    assert all(sum(share.fen for share in line.funds) == line.proposed_fen for line in plan.lines)
    passed = [
        entry.standing.exact
        for line in plan.lines
        for entry in entries
        if entry.standing.reference == line.reference and line.passed
    ]
    assert passed == sorted(passed, reverse=True)


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 400), st.booleans()), max_size=30),
    st.sampled_from(list(Shortfall)),
    st.sampled_from(list(Shortfall)),
)
def test_walking_the_budget_anew_is_planning_anew(
    rows: list[tuple[int, int, bool]], first: Shortfall, second: Shortfall
) -> None:
    entries = [entry(n, exact, wan * 10_000, passed=passed) for n, (exact, wan, passed) in enumerate(rows)]
    plan = plan_awards(entries, rules(first))

    assert reallocate(plan.lines, funds=FUNDS, shortfall=second) == plan_awards(entries, rules(second))
