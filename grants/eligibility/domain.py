"""Pure half of the formal check: which rules a run judges, what findings come to, what may be asked or refused for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from grants.eligibility.states import Proposal, RunKind
from grants.programmes.domain import Definition, Finding, Rule, RuleStage

SUBMIT_STAGES = frozenset({RuleStage.SUBMIT})
CITY_STAGES = frozenset({RuleStage.DISTRICT, RuleStage.CITY})
COLLECTED = frozenset({"claims", "earlier_texts", "files"})  # evidence this system has itself, besides the registers
MISSING_CAUSES = frozenset({"answer", "document"})
_CELL = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]*)\]\.(?P<column>.+)")


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


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to be put right: a field (``path``, in a table with ``row``) or a document. ``rules`` ask for it."""

    path: str | None
    row: str | None
    document: str | None
    reason: str
    rules: tuple[str, ...] = ()

    def to_json(self) -> dict[str, str | None]:
        """As a correction request keeps it."""
        return {"path": self.path, "row": self.row, "document": self.document, "reason": self.reason}


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

    What a rule of severity ``reject`` or ``manual`` found failed; once the one round of correction has been used also
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


def correction_items(
    definition: Definition, findings: Iterable[Any], documents: Iterable[tuple[str, str | None]] = ()
) -> tuple[CorrectionItem, ...]:
    """What to ask the enterprise to put right, from the findings that need it and what they read.

    A rule over several rows of a table opens the table, one over a single row that row's cells. ``documents`` are the
    slots (key, row) that a check of the documents found wanting.
    """
    asked: dict[tuple[str | None, str | None, str | None], tuple[list[str], list[str]]] = {}
    for finding in findings:
        if not needs_correction(finding):
            continue
        rule = definition.rule(finding.rule)
        places = _places(definition, [entry["name"] for entry in finding.read])
        if rule.check is not None and rule.check.name == "documents_sound":
            places = [(None, row, key) for key, row in documents]
        for place in places:
            reasons, rules = asked.setdefault(place, ([], []))
            reasons.append(finding.message)
            rules.append(finding.rule)
    return tuple(
        CorrectionItem(path, row, document, " ".join(dict.fromkeys(reasons)), tuple(rules))
        for (path, row, document), (reasons, rules) in asked.items()
    )


def _places(definition: Definition, names: Sequence[str]) -> list[tuple[str | None, str | None, str | None]]:
    places: dict[tuple[str | None, str | None, str | None], None] = {}
    rows = _rows_read(names)
    slots = {slot.key for slot in definition.documents}
    for name in names:
        cell = _CELL.fullmatch(name)
        table, row, column = (cell["table"], cell["row"], cell["column"]) if cell else ("", None, name)
        if column.startswith("documents."):
            key = column.removeprefix("documents.")
            if key in slots:
                places[None, row, key] = None
        elif cell and len(rows[table]) > 1 and table in definition.section_of:
            places[table, None, None] = None
        elif (path := f"{table}.{column}" if cell else column) in definition.fields_by_path and not _is_computed(
            definition, path
        ):
            places[path, row, None] = None
    return list(places)


def _rows_read(names: Iterable[str]) -> dict[str, set[str]]:
    rows: dict[str, set[str]] = {}
    for name in names:
        if cell := _CELL.fullmatch(name):
            rows.setdefault(cell["table"], set()).add(cell["row"])
    return rows


def _is_computed(definition: Definition, path: str) -> bool:
    field = definition.field(path)
    return field.compute is not None


def restore_case(case: str, evidence: str) -> dict[str, Any]:
    """A case's JSON from its canonical text, in which every number is a text; whole numbers of the frame come back."""
    content: dict[str, Any] = json.loads(case)
    content["evidence"] = json.loads(evidence)
    content["receipt_no"] = _whole(content.get("receipt_no"))
    content["call"]["year"] = _whole(content["call"].get("year"))
    for document in content.get("documents") or ():
        for key in ("pages", "size"):
            document[key] = _whole(document.get(key))
    return content


def _whole(value: object) -> int | None:
    return int(str(value)) if value is not None and value != "" else None


def merge_findings(runs: Mapping[RunKind, Sequence[Any]]) -> tuple[Any, ...]:
    """The finding in force of every rule: the first run's, replaced by those of the runs after T and at the city."""
    latest: dict[str, Any] = {}
    for kind in (RunKind.SUBMIT, RunKind.AFTER_CLOSE, RunKind.CITY):
        for finding in runs.get(kind, ()):
            latest[finding.rule] = finding
    return tuple(latest.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """How the formal check of the revision in force stands.

    ``judged``: kinds of the runs in effect. ``awaited``: kinds that are due by now and have not been recorded.
    ``corrections``: rounds of correction already asked for. ``decided``: the revision has its formal decision.
    ``recommended``: what the district said of this case, None while it has not spoken.
    """

    judged: frozenset[RunKind]
    awaited: frozenset[RunKind]
    findings: tuple[Any, ...]
    corrections: int
    decided: bool
    recommended: bool | None

    @property
    def grounds(self) -> tuple[str, ...]:
        """Rules on which a rejection may rest."""
        return grounds_for_rejection(self.findings, correction_used=self.corrections > 0)

    @property
    def proposal(self) -> Proposal:
        """What the findings come to."""
        return propose(self.findings)


def runs_due(
    definition: Definition, *, judged: Mapping[RunKind, date], asof: date, today: date, with_district: bool
) -> frozenset[RunKind]:
    """The runs that the revision in force must have by ``today`` before it can be decided.

    ``judged``: the days on which the runs in effect read their evidence. ``with_district``: the case is still with its
    district. The run after T is due once T is over, unless the first run has read its evidence after T anyway.
    """
    due = {RunKind.SUBMIT}
    if has_city_rules(definition) and not with_district:
        due.add(RunKind.CITY)
    first_read = judged.get(RunKind.SUBMIT)
    if today > asof and first_read is not None and first_read <= asof:
        due.add(RunKind.AFTER_CLOSE)
    return frozenset(due)
