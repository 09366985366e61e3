"""An officer overrules a finding, or takes that back: beside the machine's finding, never over it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.applications.models import Application
from grants.applications.queries import lock_application
from grants.eligibility import domain, policies, queries
from grants.eligibility.domain import Standing
from grants.eligibility.errors import FindingChangedError, OverruleIncompleteError
from grants.eligibility.models import Finding, FindingOverrule, FormalDecision
from grants.eligibility.services.summing import recount
from grants.eligibility.states import PersonVerdict
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError

MAX_REASON = 2_000
MAX_CLAUSE = 200


def overrule_finding(
    session: Session,
    application: Application,
    *,
    finding_id: UUID,
    verdict: PersonVerdict,
    reason: str,
    clause: str,
    actor: Actor,
    now: datetime,
) -> FindingOverrule:
    """Say another verdict on a rule than the machine did, with reason and clause.

    ``finding_id``: the finding that the officer has read. Effects, in order: locks the application; the overrule; the
    summary as what holds comes to; the audit entry. A second one on the same rule goes before the first.

    Raises:
        ForbiddenError: not this actor, or not now; the code says why.
        FindingChangedError: another finding is in force by now.
        OverruleIncompleteError: reason or clause is missing or too long, or the verdict is the machine's own.
    """
    application = lock_application(session, application.id)
    standing = queries.standing_of(session, application, now=now)
    finding = finding_in_force(standing, finding_id)
    policies.may_overrule(actor, application, standing).require()
    _require_whole(finding, verdict, reason, clause)
    overrule = _add(session, application, finding, verdict, reason=reason, clause=clause, actor=actor, now=now)
    _note(session, application, "application.finding_overruled", overrule, finding, actor=actor, now=now)
    return overrule


def withdraw_overrule(
    session: Session, application: Application, *, finding_id: UUID, reason: str, actor: Actor, now: datetime
) -> FindingOverrule:
    """Take back what was last said against a finding; the machine's verdict holds again.

    Effects as ``overrule_finding``. Raises ForbiddenError; FindingChangedError; OverruleIncompleteError where the
    reason is missing, or where there is nothing to take back.
    """
    application = lock_application(session, application.id)
    standing = queries.standing_of(session, application, now=now)
    finding = finding_in_force(standing, finding_id)
    policies.may_overrule(actor, application, standing).require()
    former = standing.overrules.get(finding.rule)
    if former is None or former.verdict is None:
        raise OverruleIncompleteError("nothing_overruled")
    _require_words(reason, former.clause)
    overrule = _add(session, application, finding, None, reason=reason, clause=former.clause, actor=actor, now=now)
    _note(session, application, "application.overrule_withdrawn", overrule, finding, actor=actor, now=now)
    return overrule


def overrule_by_acceptance(
    session: Session, application: Application, standing: Standing, decision: FormalDecision, *, actor: Actor
) -> None:
    """Keep, for each finding that an acceptance goes against, that the officer holds the rule to be met, and why.

    The reason is the decision's, the clause the rule's own. The decision's audit entry speaks for all of them.
    """
    against: Iterable[Any] = (finding for finding in standing.held if domain.stands_against(finding))
    machines = [getattr(finding, "machine", finding) for finding in against]
    for finding in machines:
        _add(
            session,
            application,
            finding,
            PersonVerdict.PASS,
            reason=decision.reason,
            clause=finding.clause,
            actor=actor,
            now=decision.decided_at,
            decision_id=decision.id,
        )
    if machines:
        recount(session, application, now=decision.decided_at)


def finding_in_force(standing: Standing, finding_id: UUID) -> Finding:
    """The machine's finding of this id, if it is the one in force and due; raises FindingChangedError."""
    for finding in standing.findings:
        if finding.id == finding_id and finding.due:
            found: Finding = finding
            return found
    raise FindingChangedError(finding=str(finding_id))


def _require_whole(finding: Finding, verdict: PersonVerdict, reason: str, clause: str) -> None:
    _require_words(reason, clause)
    if verdict == finding.verdict:
        raise OverruleIncompleteError("overrule_says_the_same")


def _require_words(reason: str, clause: str) -> None:
    if not reason.strip() or len(reason) > MAX_REASON:
        raise OverruleIncompleteError("overrule_reason_missing")
    if not clause.strip() or len(clause) > MAX_CLAUSE:
        raise OverruleIncompleteError("overrule_clause_missing")


def _add(
    session: Session,
    application: Application,
    finding: Finding,
    verdict: PersonVerdict | None,
    *,
    reason: str,
    clause: str,
    actor: Actor,
    now: datetime,
    decision_id: UUID | None = None,
) -> FindingOverrule:
    if actor.person_id is None:
        raise ForbiddenError("role_missing")
    revision_id = finding.run.revision_id
    former = queries.find_overrule(session, revision_id, finding.rule)
    overrule = FindingOverrule(
        application_id=application.id,
        revision_id=revision_id,
        finding_id=finding.id,
        decision_id=decision_id,
        rule=finding.rule,
        number=1 if former is None else former.number + 1,
        said=domain.said_of(finding),
        verdict=verdict,
        reason=reason.strip(),
        clause=clause.strip(),
        given_by=actor.person_id,
        given_at=now,
    )
    session.add(overrule)
    session.flush()
    return overrule


def _note(
    session: Session,
    application: Application,
    kind: str,
    overrule: FindingOverrule,
    finding: Finding,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    recount(session, application, now=now)
    detail = {
        "rule": finding.rule,
        "title": finding.title,
        "found": finding.verdict,
        "verdict": overrule.verdict,
        "reason": overrule.reason,
        "clause": overrule.clause,
    }
    audit.record(session, actor, kind, ("application", application.id), at=now, detail=detail)
