"""Order of the candidates: exact means, then the rubric's tie-breaks; never a rounded figure (decision 31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from grants.programmes.domain import TieBreak, TieKind


@dataclass(frozen=True, slots=True)
class Standing:
    """What the review and the case say of one application, as far as the order needs it.

    ``exact`` and ``criteria`` are unrounded means in hundredths of a point; ``conditions`` holds, by the label of a
    condition among the tie-breaks, whether it is met (what is unknown is not met).
    """

    reference: UUID
    receipt_no: int
    passed: bool
    exact: Fraction
    criteria: Mapping[str, Fraction]
    conditions: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A standing with its place, counted from 1."""

    rank: int
    standing: Standing


def rank_candidates(standings: Sequence[Standing], ties: Sequence[TieBreak]) -> tuple[Ranked, ...]:
    """Those who passed, best first, ranks 1, 2, 3 ... without ties: the receipt number has the last word.

    Args:
        standings: of one call, in any order; those who did not pass are left out.
        ties: the rubric's, in order: a criterion's mean, a condition, the receipt number.
    """
    return _number([standing for standing in standings if standing.passed], ties, first=1)


def rank_the_rest(standings: Sequence[Standing], ties: Sequence[TieBreak]) -> tuple[Ranked, ...]:
    """Those who did not pass, in the same order, numbered on after those who did."""
    failed = [standing for standing in standings if not standing.passed]
    return _number(failed, ties, first=len(standings) - len(failed) + 1)


def _number(standings: Sequence[Standing], ties: Sequence[TieBreak], *, first: int) -> tuple[Ranked, ...]:
    ordered = sorted(standings, key=lambda standing: _key(standing, ties))
    return tuple(Ranked(rank, standing) for rank, standing in enumerate(ordered, start=first))


def _key(standing: Standing, ties: Sequence[TieBreak]) -> tuple[Fraction, ...]:
    """Ascending: the least is the best."""
    broken = (_tie(standing, tie) for tie in ties)
    return (-standing.exact, *broken, Fraction(standing.receipt_no))


def _tie(standing: Standing, tie: TieBreak) -> Fraction:
    if tie.kind is TieKind.CRITERION:
        return -standing.criteria[tie.criterion]
    if tie.kind is TieKind.CONDITION:
        return Fraction(0 if standing.conditions.get(tie.label) else 1)
    return Fraction(standing.receipt_no)
