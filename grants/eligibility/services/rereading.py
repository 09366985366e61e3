"""Asking again for evidence that could not be read: with growing pauses, not for ever, and at once where a register has
been imported since."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grants import outbox
from grants.applications.models import Application
from grants.eligibility.models import CheckSummary, EligibilityRun, EvidenceRetry, Finding
from grants.eligibility.services.sweeping import UNDECIDED
from grants.outbox import Lane
from grants.registers.models import RegisterSnapshot

PAUSES_MIN = (1, 5, 15, 30, 60, 120, 240, 480, 1_440)  # before attempts 1, 2, ...; the last one for all further ones
MAX_ATTEMPTS = 40  # about a month; then an officer has the check repeated, or decides without it


def ask_unread_again(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Ask for another check of undecided cases some of whose evidence could not be read; returns how many.

    For a sweep. Publishes ``application.recheck_asked`` in the bulk lane: what has just been submitted does not wait
    for it. A case that is met for the first time waits for its first pause.
    """
    asked = 0
    for summary, retry, is_new_table in _due(session, now=now, limit=limit):
        if retry is None:
            retry = EvidenceRetry(revision_id=summary.revision_id, attempts=0, due_at=summary.checked_at + _pause(0))
            session.add(retry)
        if retry.due_at > now and not is_new_table:
            continue
        retry.attempts = 1 if is_new_table else retry.attempts + 1
        retry.asked_at, retry.due_at = now, now + _pause(retry.attempts)
        payload = {"revision_id": str(summary.revision_id)}
        outbox.publish_anew(session, "application.recheck_asked", payload, lane=Lane.BULK)
        asked += 1
    return asked


def _due(session: Session, *, now: datetime, limit: int) -> list[tuple[CheckSummary, EvidenceRetry | None, bool]]:
    unread = (
        select(Finding.id)
        .join(EligibilityRun, EligibilityRun.id == Finding.run_id)
        .where(EligibilityRun.revision_id == CheckSummary.revision_id, EligibilityRun.superseded_at.is_(None))
        .where(Finding.verdict == "unknown", Finding.cause == "evidence", Finding.due.is_(True))
        .exists()
    )
    taken_at = select(func.max(RegisterSnapshot.imported_at)).where(RegisterSnapshot.staged.is_(False))
    is_new_table = func.coalesce(EvidenceRetry.asked_at < taken_at.scalar_subquery(), False)
    query = (
        select(CheckSummary, EvidenceRetry, is_new_table)
        .join(Application, Application.id == CheckSummary.application_id)
        .outerjoin(EvidenceRetry, EvidenceRetry.revision_id == CheckSummary.revision_id)
        .where(CheckSummary.unknown > 0, Application.state.in_(UNDECIDED), unread)
        .where(
            or_(
                EvidenceRetry.revision_id.is_(None),
                (EvidenceRetry.due_at <= now) & (EvidenceRetry.attempts < MAX_ATTEMPTS),
                is_new_table,
            )
        )
        .order_by(CheckSummary.application_id)
        .limit(limit)
        .with_for_update(of=CheckSummary, skip_locked=True)
    )
    return [(summary, retry, bool(fresh)) for summary, retry, fresh in session.execute(query).all()]


def _pause(attempts: int) -> timedelta:
    return timedelta(minutes=PAUSES_MIN[min(attempts, len(PAUSES_MIN) - 1)])
