"""Allocating a budget: the table at the line, and what holds for every ranking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.calls.states import Shortfall
from grants.decisions.domain import Candidate, FundShare, allocate_budget, attribute_to_funds
from grants.decisions.errors import UnrankedCandidateError
from grants.kernel.money import yuan

WAN = yuan(10_000)
RANKINGS = st.lists(st.tuples(st.integers(0, 400), st.none() | st.integers(0, 400)), max_size=40).map(
    lambda pairs: [candidate(rank, wan, lowered) for rank, (wan, lowered) in enumerate(pairs, 1)]
)
CEILINGS = st.integers(0, yuan(40_000_000))
POLICIES = st.sampled_from(list(Shortfall))


def candidate(rank: int, wan: int, lowered: int | None = None) -> Candidate:
    return Candidate(f"A{rank}", rank, wan * WAN, None if lowered is None else lowered * WAN)


def awards(ranked: list[Candidate], ceiling_fen: int, shortfall: Shortfall) -> list[int]:
    return [line.award_fen for line in allocate_budget(ranked, ceiling_fen=ceiling_fen, shortfall=shortfall)]


@pytest.mark.parametrize(
    ("shortfall", "expected"),
    [(Shortfall.CUT_LAST, [40, 0, 0]), (Shortfall.SKIP, [40, 0, 10]), (Shortfall.STOP, [40, 0, 0])],
)
def test_at_the_line(shortfall: Shortfall, expected: list[int]) -> None:
    ranked = [candidate(1, 40), candidate(2, 30), candidate(3, 10)]

    assert awards(ranked, 50 * WAN, shortfall) == [wan * WAN for wan in expected]


@pytest.mark.parametrize(
    ("left_yuan", "cut_wan"),
    [(180_000, 18), (189_999, 18), (179_999, 0), (299_999, 29), (0, 0)],
)
def test_a_cut_award_is_rounded_down_and_keeps_sixty_percent(left_yuan: int, cut_wan: int) -> None:
    assert awards([candidate(1, 30)], yuan(left_yuan), Shortfall.CUT_LAST) == [cut_wan * WAN]


def test_nobody_is_funded_below_a_cut() -> None:
    assert awards([candidate(1, 30), candidate(2, 1)], yuan(299_999), Shortfall.CUT_LAST) == [29 * WAN, 0]


def test_what_an_officer_leaves_goes_to_the_next() -> None:
    ranked = [candidate(1, 40, lowered=20), candidate(2, 30)]

    assert awards(ranked, 50 * WAN, Shortfall.STOP) == [20 * WAN, 30 * WAN]


def test_nothing_computed_does_not_end_the_walk() -> None:
    assert awards([candidate(1, 0), candidate(2, 30)], 30 * WAN, Shortfall.STOP) == [0, 30 * WAN]


@pytest.mark.parametrize("ranks", [(1, 1), (2, 1)])
def test_ties_and_disorder_are_refused(ranks: tuple[int, int]) -> None:
    with pytest.raises(UnrankedCandidateError):
        awards([candidate(rank, 1) for rank in ranks], WAN, Shortfall.SKIP)


@given(RANKINGS, CEILINGS, POLICIES)
def test_the_sum_stays_within_the_ceiling_and_each_within_its_amount(
    ranked: list[Candidate], ceiling_fen: int, shortfall: Shortfall
) -> None:
    given_fen = awards(ranked, ceiling_fen, shortfall)

    assert sum(given_fen) <= ceiling_fen
    assert all(0 <= fen <= place.wanted_fen for fen, place in zip(given_fen, ranked, strict=True))


@given(RANKINGS, CEILINGS)
def test_stopping_and_cutting_keep_the_order(ranked: list[Candidate], ceiling_fen: int) -> None:
    for shortfall in (Shortfall.STOP, Shortfall.CUT_LAST):
        given_fen = awards(ranked, ceiling_fen, shortfall)
        short = next((n for n, fen in enumerate(given_fen) if fen < ranked[n].wanted_fen), len(ranked))

        assert not any(given_fen[short + 1 :])


@given(RANKINGS, CEILINGS, st.integers(0, yuan(1_000_000)))
def test_more_money_takes_from_nobody_where_the_order_is_kept(
    ranked: list[Candidate], ceiling_fen: int, more_fen: int
) -> None:
    for shortfall in (Shortfall.STOP, Shortfall.CUT_LAST):
        before = awards(ranked, ceiling_fen, shortfall)
        after = awards(ranked, ceiling_fen + more_fen, shortfall)

        assert all(later >= earlier for earlier, later in zip(before, after, strict=True))


@given(RANKINGS, CEILINGS)
def test_a_cut_is_never_below_sixty_percent_of_the_formula(ranked: list[Candidate], ceiling_fen: int) -> None:
    given_fen = awards(ranked, ceiling_fen, Shortfall.CUT_LAST)

    for fen, place in zip(given_fen, ranked, strict=True):
        if 0 < fen < place.wanted_fen:
            assert fen * 10 >= place.computed_fen * 6
            assert fen % WAN == 0


@given(st.lists(st.integers(0, 50), max_size=20), st.lists(st.integers(0, 300), min_size=1, max_size=4))
def test_funds_bear_each_award_whole_and_never_more_than_they_hold(wan: list[int], ceilings: list[int]) -> None:
    funds = [FundShare(f"f{n}", fen) for n, fen in enumerate(ceilings)]
    fitting, total = [], 0
    for amount in wan:
        total += amount
        if total <= sum(ceilings):
            fitting.append(amount)
    fitting = fitting if sum(fitting) <= sum(ceilings) else []

    shares = attribute_to_funds(fitting, funds)

    assert [sum(share.fen for share in parts) for parts in shares] == fitting
    for fund in funds:
        assert sum(share.fen for parts in shares for share in parts if share.code == fund.code) <= fund.fen
