"""A whole proposal as a pure value: who stands where, what the rule gives, what is proposed and why not more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from grants.calls.states import Shortfall
from grants.decisions.domain.allocation import Candidate, FundShare, allocate_budget, attribute_to_funds
from grants.decisions.domain.ranking import Ranked, Standing, rank_candidates, rank_the_rest
from grants.kernel.money import wan_text
from grants.programmes.domain import TieBreak

BELOW_MARK = "综合得分未达到合格要求。"
NO_AMOUNT = "按规则核算的金额低于最低支持金额，不予支持。"
UNKNOWN_AMOUNT = "核算金额所需的内容不全，不能核算。"
NO_BUDGET = "按名次排到时，本批资金余额不足。"


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
    places = (*rank_candidates(standings, rules.ties), *rank_the_rest(standings, rules.ties))
    lines = [_unfunded(place, by_reference[place.standing.reference], rules) for place in places]
    return reallocate(lines, funds=rules.funds, shortfall=rules.shortfall)


def reallocate(lines: Sequence[PlanLine], *, funds: Sequence[FundShare], shortfall: Shortfall) -> Plan:
    """The same ranking and lowerings with the budget walked anew: another policy at the line, or other funds.

    ``lines`` as a plan has them: in order of rank, those who passed first.
    """
    passed = [line for line in lines if line.passed]
    rest = [line for line in lines if not line.passed]
    ceiling_fen = sum(fund.fen for fund in funds)
    candidates = [
        Candidate(line.reference, line.rank, line.computed_fen, line.lowering.amount_fen if line.lowering else None)
        for line in passed
    ]
    awards = allocate_budget(candidates, ceiling_fen=ceiling_fen, shortfall=shortfall)
    amounts = [award.award_fen for award in awards]
    shares = attribute_to_funds(amounts, funds)
    funded = [
        replace(line, proposed_fen=award_fen, funds=parts, reason=_reason(line, award_fen))
        for line, award_fen, parts in zip(passed, amounts, shares, strict=True)
    ]
    return Plan((*funded, *rest), ceiling_fen, shortfall)


def compare_plans(before: Sequence[PlanLine], after: Sequence[PlanLine]) -> tuple[Change, ...]:
    """Who gains and who loses: every reference whose amount differs, in the order of ``after``."""
    former = {line.reference: line.proposed_fen for line in before}
    changes = [Change(line.reference, former.pop(line.reference, 0), line.proposed_fen) for line in after]
    gone = [Change(reference, fen, 0) for reference, fen in former.items()]
    return tuple(change for change in (*changes, *gone) if change.difference_fen)


def funding_line(lines: Sequence[PlanLine]) -> int:
    """Rank of the last funded line; 0 where nothing is funded."""
    return max((line.rank for line in lines if line.proposed_fen), default=0)


def _unfunded(place: Ranked, entry: Entry, rules: PlanRules) -> PlanLine:
    reference = place.standing.reference
    return PlanLine(
        reference=reference,
        rank=place.rank,
        total_hundredths=entry.total_hundredths,
        passed=entry.standing.passed,
        requested_fen=entry.requested_fen,
        computed_fen=entry.computed_fen or 0,
        proposed_fen=0,
        reason=_without_amount(entry),
        lowering=rules.lowerings.get(reference) if entry.standing.passed else None,
        funds=(),
        steps=entry.working,
    )


def _without_amount(entry: Entry) -> str:
    """Why nothing can be proposed however large the budget; empty where something can."""
    if not entry.standing.passed:
        return BELOW_MARK
    if entry.computed_fen is None:
        return UNKNOWN_AMOUNT
    return "" if entry.computed_fen else NO_AMOUNT


def _reason(line: PlanLine, award_fen: int) -> str:
    """Why nothing, or why less than computed; empty for the full amount."""
    if line.computed_fen == 0:
        return line.reason
    if line.lowering is not None and award_fen == line.lowering.amount_fen:
        return line.lowering.reason
    if award_fen == 0:
        return NO_BUDGET
    if award_fen < line.computed_fen:
        return f"本批资金余额不足，由 {wan_text(line.computed_fen)} 万元调整为 {wan_text(award_fen)} 万元。"
    return ""
