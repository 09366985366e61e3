"""Trying a draft on a few cases that were judged: nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.calls.models import Call
from grants.eligibility import domain
from grants.eligibility.domain.impact import Change, Verdict, adapt_case, compare_verdicts, shown_value
from grants.eligibility.queries import impacts as queries
from grants.eligibility.queries.impacts import JudgedRun
from grants.eligibility.services.impacts import definitions_of
from grants.programmes.domain import (
    CaseView,
    Definition,
    Finding,
    case_from_json,
    default_parameters,
    evaluate,
    parameters_to_json,
)
from grants.programmes.errors import CaseFaultsError
from grants.programmes.models import DefinitionVersion, Programme

MOST_CASES = 10
SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class TriedFinding:
    """One rule of one case: what was recorded, what it is now, and what it has read, by name; ``view`` is the case that
    it was read of."""

    finding: Finding
    before: str
    former_message: str
    after: str
    values: tuple[tuple[str, str], ...]
    view: CaseView

    @property
    def differs(self) -> bool:
        """Whether it comes out otherwise than it was recorded."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TriedCase:
    """One case under the draft. ``unread``: why it could not be read; then there are no findings."""

    ref: str
    findings: tuple[TriedFinding, ...] = ()
    changes: tuple[Change, ...] = ()
    unread: tuple[str, ...] = ()


def suggest_refs(session: Session, programme: Programme) -> Sequence[str]:
    """The numbers of the applications that were judged last, to begin with."""
    ids = queries.list_latest_cases(session, programme.id, limit=SUGGESTED)
    query = select(Application.ref).where(Application.id.in_(ids)).order_by(Application.ref)
    return [ref for ref in session.scalars(query) if ref]


def try_definition(
    session: Session, programme: Programme, after: Definition, refs: Sequence[str]
) -> tuple[list[TriedCase], list[str]]:
    """The cases of these numbers under a definition, in the order of the numbers, and the numbers that no judged
    application of the programme has."""
    query = (
        select(Application.id)
        .join(Application.call)
        .join(Call.definition)
        .where(DefinitionVersion.programme_id == programme.id, Application.ref.in_(refs[:MOST_CASES]))
    )
    cases = queries.list_judged_runs(session, session.scalars(query).all())
    former = definitions_of(session, cases)
    tried = {runs[0].ref: _try_case(after, runs, former[runs[0].definition_id]) for runs in cases}
    return [tried[ref] for ref in refs if ref in tried], [ref for ref in refs if ref not in tried]


def _try_case(after: Definition, runs: Sequence[JudgedRun], former: Definition) -> TriedCase:
    defaults = parameters_to_json(default_parameters(former))
    before = domain.merge_findings({run.kind: run.verdicts for run in runs})
    found, views = {}, {}
    try:
        for run in runs:
            content = adapt_case(after, defaults, domain.restore_case(run.case, run.evidence), {})
            case = case_from_json(after, content)
            kept = domain.kept_findings(run.kind, after, evaluate(after, case, stages=domain.stages_judged(run.kind)))
            found[run.kind] = kept
            views.update({finding.rule: CaseView(after, case) for finding in kept})
    except CaseFaultsError as error:
        return TriedCase(runs[0].ref, unread=tuple(str(fault) for fault in error.faults[:MOST_CASES]))
    merged = domain.merge_findings(found)
    recorded = {verdict.rule: verdict for verdict in before}
    findings = tuple(_tried(after, views[each.rule], each, recorded.get(each.rule)) for each in merged)
    return TriedCase(runs[0].ref, findings, compare_verdicts(after, before, merged))


def _tried(after: Definition, view: CaseView, finding: Finding, former: Verdict | None) -> TriedFinding:
    values = tuple((name, shown_value(after, name, value)) for name, value in finding.read)
    return TriedFinding(
        finding,
        former.word if former is not None else "absent",
        former.message if former is not None else "",
        str(finding.verdict) if finding.due else "not_due",
        values,
        view,
    )
