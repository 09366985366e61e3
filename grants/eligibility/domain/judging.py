"""Which rules a run judges, and what its findings come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from grants.eligibility.states import Proposal, RunKind
from grants.programmes.domain import Definition, Finding, Rule, RuleStage

SUBMIT_STAGES = frozenset({RuleStage.SUBMIT})
CITY_STAGES = frozenset({RuleStage.DISTRICT, RuleStage.CITY})
MISSING_CAUSES = frozenset({"answer", "document"})


class Judged(Protocol):
    """A finding, stored or fresh: what the functions here look at."""

    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def due(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rules passed, failed, warn and cannot be judged; what is not due or not applicable is not counted."""

    passed: int = 0
    failed: int = 0
    warned: int = 0
    unknown: int = 0


def stages_judged(kind: RunKind) -> frozenset[RuleStage]:
    """The stages whose rules a run of this kind evaluates."""
    return CITY_STAGES if kind is RunKind.CITY else SUBMIT_STAGES


def judges(kind: RunKind, rule: Rule) -> bool:
    """Whether a run of this kind keeps a finding of this rule.

    The first run keeps all, those not yet due included; the run at the city's stage its own; the run after T the rules
    at submission that rest on evidence (decision 5).
    """
    match kind:
        case RunKind.SUBMIT:
            return True
        case RunKind.CITY:
            return rule.at in CITY_STAGES
    return rule.at in SUBMIT_STAGES and bool(rule.evidence)


def kept_findings(kind: RunKind, definition: Definition, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a run of this kind keeps, in the order of the definition."""
    kept = {rule.key for rule in definition.rules if judges(kind, rule)}
    return tuple(finding for finding in findings if finding.rule in kept)


def evidence_needed(definition: Definition, kind: RunKind) -> frozenset[str]:
    """The roots of evidence that the rules judged by a run of this kind read."""
    stages = stages_judged(kind)
    needed = (rule.evidence for rule in definition.rules if rule.at in stages and judges(kind, rule))
    return frozenset(root for roots in needed for root in roots)


def has_city_rules(definition: Definition) -> bool:
    """Whether there is anything to judge at the district's or the city's stage."""
    return any(rule.at in CITY_STAGES for rule in definition.rules)


def has_stage(definition: Definition, key: str) -> bool:
    """Whether the programme has this optional stage, switched on."""
    return any(stage.key == key and stage.enabled for stage in definition.stages)


def tally(findings: Iterable[Judged]) -> Tally:
    """Count the findings that are due."""
    counts = {"pass": 0, "fail": 0, "warn": 0, "unknown": 0}
    for finding in findings:
        if not finding.due or finding.verdict == "not_applicable":
            continue
        hint = finding.verdict == "fail" and finding.severity == "warn"
        counts["warn" if hint else str(finding.verdict)] += 1
    return Tally(counts["pass"], counts["fail"], counts["warn"], counts["unknown"])


def propose(findings: Iterable[Judged]) -> Proposal:
    """What the findings come to; the worst decides.

    A missing answer or document is never a ground to reject: it is asked for. A register that could not be read, and
    whatever a ``manual`` rule finds, is for an officer to look at. Hints change nothing. Source: interfaces.md, 3.
    """
    found = {_consequence(finding) for finding in findings if finding.due}
    for proposal in (Proposal.REJECT, Proposal.RETURN, Proposal.LOOK):
        if proposal in found:
            return proposal
    return Proposal.ACCEPT


def _consequence(finding: Judged) -> Proposal:
    if finding.verdict not in ("fail", "unknown") or finding.severity in ("warn", "block"):
        return Proposal.ACCEPT
    if finding.severity == "manual":
        return Proposal.LOOK
    if finding.verdict == "unknown":
        return Proposal.RETURN if finding.cause in MISSING_CAUSES else Proposal.LOOK
    return Proposal.REJECT if finding.severity == "reject" else Proposal.RETURN


def grounds_for_rejection(findings: Iterable[Judged], *, correction_used: bool) -> tuple[str, ...]:
    """Rules on which a rejection may rest.

    What a rule of severity ``reject`` or ``manual`` found failed; once the rounds of correction are used up also
    what is still failed, or still missing, of what had to be put right. What is unknown for want of evidence never.
    """
    return tuple(finding.rule for finding in findings if finding.due and _is_ground(finding, correction_used))


def _is_ground(finding: Judged, correction_used: bool) -> bool:
    if finding.verdict == "fail":
        return finding.severity in ("reject", "manual") or (correction_used and finding.severity == "return")
    missing = finding.verdict == "unknown" and finding.cause in MISSING_CAUSES
    return missing and correction_used and finding.severity in ("reject", "return")


def needs_correction(finding: Judged) -> bool:
    """Whether a finding is something the enterprise can and must put right."""
    if not finding.due:
        return False
    if finding.verdict == "unknown":
        return finding.cause in MISSING_CAUSES and finding.severity in ("reject", "return")
    return finding.verdict == "fail" and finding.severity == "return"
