"""From the ranking to awards within the budget, and from awards to the funds that bear them. Integer fen throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from grants.calls.states import Shortfall
from grants.decisions.errors import UnrankedCandidateError
from grants.kernel.money import floor_to, yuan

STEP_FEN = yuan(10_000)
LEAST_SHARE_BP = 6_000  # a cut award keeps at least this share of its formula amount (decision 32)
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place in the ranking. ``lowered_fen``: an officer's lower amount, with which the walk reckons instead."""

    reference: object
    rank: int
    computed_fen: int
    lowered_fen: int | None = None

    @property
    def wanted_fen(self) -> int:
        """What the candidate gets while the budget lasts."""
        return self.computed_fen if self.lowered_fen is None else min(self.lowered_fen, self.computed_fen)


@dataclass(frozen=True, slots=True)
class AwardLine:
    """What the walk leaves for one candidate."""

    reference: object
    award_fen: int


@dataclass(frozen=True, slots=True)
class FundShare:
    """A fund with its ceiling, or what it bears of an award."""

    code: str
    fen: int


def allocate_budget(ranked: Sequence[Candidate], *, ceiling_fen: int, shortfall: Shortfall) -> tuple[AwardLine, ...]:
    """Walk the ranking from the top and fund what the budget holds.

    Args:
        ranked: best first, ranks ascending without ties (``rank_candidates`` breaks them); ``computed_fen`` is already
            rounded by the funding rule.
        ceiling_fen: budget of the call in fen (1 yuan = 100 fen), >= 0.
        shortfall: what happens at the line: CUT_LAST gives the first that no longer fits what is left, rounded down to
            10,000 yuan, if that is at least 60 % of its formula amount, and ends; SKIP passes over what does not fit;
            STOP ends there.

    Returns:
        One line per candidate, in order; the sum never exceeds ``ceiling_fen``.

    Raises:
        UnrankedCandidateError: ranks repeat or are out of order.

    Source: domain.md, section 2, funding; decision 32.
    """
    require_distinct_ranks(ranked)
    left_fen, lines = ceiling_fen, []
    for candidate in ranked:
        fits = candidate.wanted_fen <= left_fen
        award_fen = candidate.wanted_fen if fits else _at_the_line(candidate, left_fen, shortfall)
        left_fen = 0 if not fits and shortfall is not Shortfall.SKIP else left_fen - award_fen
        lines.append(AwardLine(candidate.reference, award_fen))
    return tuple(lines)


def require_distinct_ranks(ranked: Sequence[Candidate]) -> None:
    """Raise UnrankedCandidateError unless ranks rise strictly."""
    ranks = [candidate.rank for candidate in ranked]
    if any(later <= earlier for earlier, later in pairwise(ranks)):
        raise UnrankedCandidateError()


def attribute_to_funds(awards_fen: Sequence[int], funds: Sequence[FundShare]) -> tuple[tuple[FundShare, ...], ...]:
    """Which fund bears what, per award: the first fund of the call until it is used up, then the next.

    An award at the border of two funds is split. The awards together do not exceed the funds together, for
    the budget of a call is their sum; no fund bears more than its ceiling.
    """
    left = [fund.fen for fund in funds]
    shares = []
    for award_fen in awards_fen:
        shares.append(_draw(award_fen, funds, left))
    return tuple(shares)


def _at_the_line(candidate: Candidate, left_fen: int, shortfall: Shortfall) -> int:
    if shortfall is not Shortfall.CUT_LAST:
        return 0
    cut_fen = floor_to(left_fen, STEP_FEN)
    return cut_fen if cut_fen * WHOLE_BP >= candidate.computed_fen * LEAST_SHARE_BP else 0


def _draw(award_fen: int, funds: Sequence[FundShare], left: list[int]) -> tuple[FundShare, ...]:
    """Take an award out of ``left``, which this changes."""
    drawn = []
    for place, fund in enumerate(funds):
        part_fen = min(award_fen, left[place])
        if part_fen:
            left[place] -= part_fen
            award_fen -= part_fen
            drawn.append(FundShare(fund.code, part_fen))
    return tuple(drawn)
