"""A whole proposal as a pure value: who stands where, what the rule gives, what is proposed and why not more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from grants.calls.states import Shortfall
from grants.decisions.domain.allocation import Candidate, FundShare, allocate_budget, attribute_to_funds
from grants.decisions.domain.ranking import Ranked, Standing, rank_candidates, rank_the_rest
from grants.kernel.money import wan_text
from grants.programmes.domain import TieBreak

BELOW_MARK = "综合得分未达到合格要求。"
NO_AMOUNT = "按规则核算的金额低于最低支持金额，不予支持。"
UNKNOWN_AMOUNT = "核算金额所需的内容不全，不能核算。"
NO_BUDGET = "按名次排到时，本批资金已经用完。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One reviewed application before the ranking. ``computed_fen`` None: the funding rule could not be computed.

    ``working`` are the steps of the funding rule, (what, how much) in words.
    """

    standing: Standing
    total_hundredths: int
    requested_fen: int
    computed_fen: int | None
    working: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lowering:
    """An officer gives less than the rule computes (>= 0 fen) and says why."""

    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a proposal. ``reason`` is never empty where nothing is proposed, or less than computed."""

    reference: UUID
    rank: int
    total_hundredths: int
    passed: bool
    requested_fen: int
    computed_fen: int
    proposed_fen: int
    reason: str
    lowering: Lowering | None
    funds: tuple[FundShare, ...]
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal's lines with the budget they keep within."""

    lines: tuple[PlanLine, ...]
    ceiling_fen: int
    shortfall: Shortfall

    @property
    def proposed_fen(self) -> int:
        """Sum of what is proposed."""
        return sum(line.proposed_fen for line in self.lines)

    @property
    def left_fen(self) -> int:
        """What remains of the budget."""
        return self.ceiling_fen - self.proposed_fen

    @property
    def funded(self) -> int:
        """How many get something."""
        return sum(line.proposed_fen > 0 for line in self.lines)


@dataclass(frozen=True, slots=True)
class Change:
    """An application whose amount differs between two plans, in fen."""

    reference: UUID
    before_fen: int
    after_fen: int

    @property
    def difference_fen(self) -> int:
        return self.after_fen - self.before_fen


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a call and its rubric fix for every plan: tie-breaks, funds in order, what happens at the line."""

    ties: Sequence[TieBreak]
    funds: Sequence[FundShare]
    shortfall: Shortfall
    lowerings: Mapping[UUID, Lowering] = field(default_factory=dict)

    @property
    def ceiling_fen(self) -> int:
        """The budget: all funds together."""
        return sum(fund.fen for fund in self.funds)


def plan_awards(entries: Sequence[Entry], rules: PlanRules) -> Plan:
    """Rank, allocate, attribute to funds, and give every line without its full amount a reason.

    A lowered line reckons with its lower amount, so that what it leaves goes to the next ones in order. Those who did
    not pass come last and get nothing. Sums never exceed the funds.
    """
    by_reference = {entry.standing.reference: entry for entry in entries}
    standings = [entry.standing for entry in entries]
    passed = rank_candidates(standings, rules.ties)
    candidates = [_candidate(place, by_reference, rules) for place in passed]
    awards = allocate_budget(candidates, ceiling_fen=rules.ceiling_fen, shortfall=rules.shortfall)
    amounts = [award.award_fen for award in awards]
    shares = attribute_to_funds(amounts, rules.funds)
    lines = [
        _line(place, by_reference[place.standing.reference], award_fen, funds, rules)
        for place, award_fen, funds in zip(passed, amounts, shares, strict=True)
    ]
    rest = [
        _line(place, by_reference[place.standing.reference], 0, (), rules)
        for place in rank_the_rest(standings, rules.ties)
    ]
    return Plan((*lines, *rest), rules.ceiling_fen, rules.shortfall)


def compare_plans(before: Sequence[PlanLine], after: Sequence[PlanLine]) -> tuple[Change, ...]:
    """Who gains and who loses: every reference whose amount differs, in the order of ``after``."""
    former = {line.reference: line.proposed_fen for line in before}
    changes = [Change(line.reference, former.pop(line.reference, 0), line.proposed_fen) for line in after]
    gone = [Change(reference, fen, 0) for reference, fen in former.items()]
    return tuple(change for change in (*changes, *gone) if change.difference_fen)


def funding_line(lines: Sequence[PlanLine]) -> int:
    """Rank of the last funded line; 0 where nothing is funded."""
    return max((line.rank for line in lines if line.proposed_fen), default=0)


def _candidate(place: Ranked, entries: Mapping[UUID, Entry], rules: PlanRules) -> Candidate:
    reference = place.standing.reference
    lowering = rules.lowerings.get(reference)
    computed_fen = entries[reference].computed_fen or 0
    return Candidate(reference, place.rank, computed_fen, lowering.amount_fen if lowering else None)


def _line(place: Ranked, entry: Entry, award_fen: int, funds: tuple[FundShare, ...], rules: PlanRules) -> PlanLine:
    reference = place.standing.reference
    lowering = rules.lowerings.get(reference) if entry.standing.passed else None
    computed_fen = entry.computed_fen or 0
    return PlanLine(
        reference=reference,
        rank=place.rank,
        total_hundredths=entry.total_hundredths,
        passed=entry.standing.passed,
        requested_fen=entry.requested_fen,
        computed_fen=computed_fen,
        proposed_fen=award_fen,
        reason=_reason(entry, award_fen, lowering),
        lowering=lowering,
        funds=funds,
        steps=entry.working,
    )


def _reason(entry: Entry, award_fen: int, lowering: Lowering | None) -> str:
    """Why nothing, or why less than computed; empty for the full amount."""
    if not entry.standing.passed:
        return BELOW_MARK
    if entry.computed_fen is None:
        return UNKNOWN_AMOUNT
    if entry.computed_fen == 0:
        return NO_AMOUNT
    if lowering is not None and award_fen == lowering.amount_fen:
        return lowering.reason
    if award_fen == 0:
        return NO_BUDGET
    if award_fen < entry.computed_fen:
        return f"本批资金余额不足，由 {wan_text(entry.computed_fen)} 万元调整为 {wan_text(award_fen)} 万元。"
    return ""
