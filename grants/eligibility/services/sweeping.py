"""Checking again: after T, when something is let go, at an officer's request. Each is a message; a task does it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from grants import audit, outbox
from grants.applications import services as applications
from grants.applications.models import Application, Attachment, Claim
from grants.applications.queries import lock_application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.eligibility import policies, queries
from grants.eligibility.models import CheckSummary, EligibilityRun
from grants.eligibility.states import RunKind
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, NotFoundError
from grants.outbox import Lane

UNDECIDED = (ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW)
RECHECK = "application.recheck_asked"
READ_AGAIN = (*UNDECIDED, ApplicationState.ACCEPTED)


def announce_asof_reached(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Ask for the second reading of the evidence of every case whose T is over; returns how many. For a sweep.

    Publishes ``application.asof_reached`` once per revision. A case whose first run has read its evidence after T
    needs no second one and is only marked.
    """
    today = local_date(now)
    query = (
        select(CheckSummary, Call.asof_on, EligibilityRun.finished_at)
        .join(Application, Application.id == CheckSummary.application_id)
        .join(EligibilityRun, EligibilityRun.revision_id == CheckSummary.revision_id)
        .join(Call, Call.id == Application.call_id)
        .where(EligibilityRun.kind == RunKind.SUBMIT, EligibilityRun.superseded_at.is_(None))
        .where(CheckSummary.asof_announced_at.is_(None), Call.asof_on < today, Application.state.in_(READ_AGAIN))
        .order_by(CheckSummary.application_id)
        .limit(limit)
        .with_for_update(of=CheckSummary, skip_locked=True)
    )
    announced = 0
    for summary, asof_on, read_at in session.execute(query).all():
        summary.asof_announced_at = now
        if local_date(read_at) <= asof_on:
            outbox.publish(session, "application.asof_reached", {"revision_id": str(summary.revision_id)})
            announced += 1
    return announced


def expire_overdue(session: Session, *, actor: Actor, now: datetime, limit: int = 200) -> int:
    """End what was not submitted in time, as ``applications`` lays down; returns how many. For a sweep.

    Only the system may: raises ForbiddenError for anybody else.
    """
    if not actor.has(Role.SYSTEM):
        raise ForbiddenError("role_missing")
    return applications.expire_overdue(session, now=now, limit=limit)


def purge_ended(session: Session, *, actor: Actor, now: datetime, limit: int = 100) -> int:
    """Delete the content of drafts that ended long ago, as ``applications`` lays down; raises as ``expire_overdue``."""
    if not actor.has(Role.SYSTEM):
        raise ForbiddenError("role_missing")
    return applications.purge_ended(session, now=now, limit=limit)


def recheck_claimants(session: Session, application_id: UUID, *, now: datetime) -> int:
    """Ask for another check of those that failed by claims which this application has had; returns how many.

    Which of its claims it has given up does not matter: who fails by one that stands, fails again.

    Takes each one's lock first: a run that is being recorded has then been recorded, and one that comes later finds
    the claims released. What has been decided stays decided.
    """
    its, other = aliased(Claim), aliased(Claim)
    query = (
        select(other.application_id)
        .join(its, (its.kind == other.kind) & (its.scope == other.scope) & (its.key == other.key))
        .where(its.application_id == application_id)
        .where(other.application_id != application_id, other.released_at.is_(None))
        .distinct()
    )
    asked = 0
    for claimant_id in sorted(session.scalars(query)):
        claimant = lock_application(session, claimant_id)
        if claimant.state in UNDECIDED and _failed_by_claims(session, claimant):
            _ask_again(session, claimant)
            asked += 1
    return asked


def recheck_after_scan(session: Session, file_id: UUID) -> int:
    """Ask for another check of undecided cases with a file whose scan has just been settled; returns how many.

    Takes each one's lock first: a run that is being recorded has then been recorded, and one that comes later finds the
    scan settled.
    """
    query = select(Attachment.application_id).where(Attachment.file_id == file_id).distinct()
    asked = 0
    for application_id in sorted(session.scalars(query)):
        application = lock_application(session, application_id)
        if application.state in UNDECIDED:
            _ask_again(session, application, lane=Lane.INTERACTIVE)
            asked += 1
    return asked


def request_recheck(
    session: Session, application: Application, *, actor: Actor, now: datetime, lane: Lane = Lane.INTERACTIVE
) -> None:
    """Start the check again, at an officer's request: one that failed, those after it that were given up, or one that
    could not read a register.

    Whoever asks for many at once gives ``Lane.BULK``, so that new submissions are not held up.

    Effects: the audit entry ``application.recheck_requested`` and a message for each; the dead letters of what is
    started anew are closed. Raises ForbiddenError.
    """
    application = lock_application(session, application.id)
    standing = queries.standing_of(session, application, now=now)
    policies.may_recheck(actor, application, standing).require()
    audit.record(session, actor, "application.recheck_requested", ("application", application.id), at=now)
    failed = ("application.submitted",) if application.state is ApplicationState.CHECK_FAILED else standing.given_up
    payload = {"revision_id": str(_revision_id(session, application))}
    for topic in failed or (RECHECK,):
        outbox.publish_anew(session, topic, payload, lane=lane)


def _failed_by_claims(session: Session, application: Application) -> bool:
    findings = queries.latest_findings(session, application)
    return any(
        finding.verdict == "fail" and any(used["root"] == "claims" for used in finding.evidence) for finding in findings
    )


def _ask_again(session: Session, application: Application, *, lane: Lane = Lane.BULK) -> None:
    payload = {"revision_id": str(_revision_id(session, application))}
    outbox.publish_anew(session, RECHECK, payload, lane=lane)


def _revision_id(session: Session, application: Application) -> UUID:
    revision_id = queries.find_revision_id(session, application)
    if revision_id is None:
        raise NotFoundError(application=str(application.id))
    return revision_id
