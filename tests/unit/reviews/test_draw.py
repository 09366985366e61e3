"""The draw of a panel: admissible only, uniform, repeatable, and clear about what blocks."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.reviews.domain import (
    Blocked,
    Candidate,
    Composition,
    NoAdmissiblePanelError,
    count_admissible,
    draw_panel,
)

TECH, MARKET, FINANCE = frozenset({"technical"}), frozenset({"market"}), frozenset({"finance"})
SMALL_POOL = [
    Candidate("a", TECH),
    Candidate("b", TECH),
    Candidate("c", TECH | FINANCE),
    Candidate("d", MARKET),
    Candidate("e", FINANCE),
    Candidate("f", TECH | MARKET),
]
THREE = Composition(3, {"technical": 1, "finance": 1})

strata = st.sets(st.sampled_from(["technical", "market", "finance"]), min_size=1).map(frozenset)
pools = st.lists(strata, max_size=8).map(lambda found: [Candidate(f"e{n}", s) for n, s in enumerate(found)])
compositions = (
    st.tuples(st.sampled_from([1, 3, 5]), st.integers(0, 1), st.integers(0, 1), st.integers(0, 1))
    .filter(lambda c: sum(c[1:]) <= c[0])
    .map(lambda c: Composition(c[0], {"technical": c[1], "market": c[2], "finance": c[3]}))
)


def admissible_by_trying(pool: list[Candidate], composition: Composition) -> list[frozenset[str]]:
    """All panels, by seating every subset in every way."""
    seats = [stratum for stratum, needed in composition.minimums.items() for _ in range(needed)]

    def seatable(members: tuple[Candidate, ...], left: list[str]) -> bool:
        if not left:
            return True
        return any(
            left[0] in member.strata and seatable(tuple(m for m in members if m is not member), left[1:])
            for member in members
        )

    return [
        frozenset(member.id for member in members)
        for members in combinations(pool, composition.size)
        if seatable(members, seats)
    ]


def test_every_admissible_panel_is_equally_likely() -> None:
    panels = admissible_by_trying(SMALL_POOL, THREE)
    draws = 4_000
    seen = Counter(frozenset(seat.id for seat in draw_panel(SMALL_POOL, THREE, seed=f"seed {n}")) for n in range(draws))

    assert set(seen) == set(panels)
    expected = draws / len(panels)
    chi_square = sum((seen[panel] - expected) ** 2 / expected for panel in panels)
    assert chi_square < 45  # 14 degrees of freedom: the seeds are fixed, so this never wavers


@given(pools, compositions)
def test_the_count_agrees_with_trying_every_panel(pool: list[Candidate], composition: Composition) -> None:
    assert count_admissible(pool, composition) == len(admissible_by_trying(pool, composition))


@given(pools, compositions, st.text(max_size=5))
def test_a_drawn_panel_is_admissible_and_repeatable(pool: list[Candidate], composition: Composition, seed: str) -> None:
    panels = admissible_by_trying(pool, composition)
    if not panels:
        with pytest.raises(NoAdmissiblePanelError) as refused:
            draw_panel(pool, composition, seed=seed)
        assert refused.value.blocks
    else:
        seats = draw_panel(pool, composition, seed=seed)
        assert frozenset(seat.id for seat in seats) in panels
        assert draw_panel(list(reversed(pool)), composition, seed=seed) == seats
        filled = Counter(seat.stratum for seat in seats if seat.stratum)
        assert filled == Counter({stratum: n for stratum, n in composition.minimums.items() if n})


def test_kept_members_stay_and_count_towards_the_minimums() -> None:
    kept = [Candidate("k1", TECH), Candidate("k2", FINANCE)]
    pool = [Candidate("a", TECH), Candidate("b", MARKET)]

    seats = draw_panel(pool, Composition(3, {"technical": 1, "finance": 1, "market": 1}), seed="s", kept=kept)

    assert [(seat.id, seat.stratum) for seat in seats] == [("k1", "technical"), ("k2", "finance"), ("b", "market")]


@pytest.mark.parametrize(
    ("pool", "composition", "block"),
    [
        (SMALL_POOL[:2], THREE, Blocked((), 3, 2)),
        (SMALL_POOL[:2], THREE, Blocked(("finance",), 1, 0)),
        (
            [Candidate("a", TECH | FINANCE)] * 1 + SMALL_POOL[3:4] * 1,
            Composition(3, {"technical": 1, "finance": 1}),
            Blocked(("finance", "technical"), 2, 1),
        ),
    ],
)
def test_what_blocks_is_named(pool: list[Candidate], composition: Composition, block: Blocked) -> None:
    with pytest.raises(NoAdmissiblePanelError) as refused:
        draw_panel(pool, composition, seed="s")

    assert block in refused.value.blocks


@pytest.mark.parametrize(("size", "minimums"), [(4, {}), (0, {}), (3, {"technical": 2, "finance": 2})])
def test_an_impossible_composition_is_refused(size: int, minimums: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"panel|minimums"):
        Composition(size, minimums)
