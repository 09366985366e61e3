"""Keeping the one summary of an application's checks in step with what holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.eligibility import domain, queries
from grants.eligibility.models import CheckSummary

SUMMARIES: Any = CheckSummary.__table__
ADD_SUMMARY = insert(SUMMARIES)


def summarise(
    session: Session,
    application: Application,
    revision_id: UUID,
    held: Iterable[Any],
    *,
    now: datetime,
) -> CheckSummary:
    """Write what holds of the findings into the summary, after a run at ``now``."""
    summary = session.get(CheckSummary, application.id)
    if summary is None:
        summary = CheckSummary(application_id=application.id)
        session.add(summary)
    if summary.revision_id != revision_id:
        summary.revision_id, summary.asof_announced_at = revision_id, None
    summary.checked_at = now
    _count(summary, tuple(held))
    session.flush()
    return summary


def add_summary(
    connection: Connection, application_id: UUID, revision_id: UUID, held: Iterable[Any], *, now: datetime
) -> CheckSummary:
    """The summary of an application that has none yet, after its very first run at ``now``: one statement, and the row
    stays out of the session."""
    summary = CheckSummary(application_id=application_id, revision_id=revision_id, checked_at=now)
    _count(summary, tuple(held))
    connection.execute(ADD_SUMMARY, {column.key: getattr(summary, column.key) for column in SUMMARIES.c})
    return summary


def recount(session: Session, application: Application, *, now: datetime) -> None:
    """Bring the figures up to date after a person's word; when the case was checked stays as it is."""
    summary = queries.find_summary(session, application.id)
    if summary is not None:
        session.flush()
        _count(summary, queries.standing_of(session, application, now=now).held)
        session.flush()


def _count(summary: CheckSummary, held: tuple[Any, ...]) -> None:
    counts = domain.tally(held)
    summary.proposal = domain.propose(held)
    summary.passed, summary.failed = counts.passed, counts.failed
    summary.warned, summary.unknown = counts.warned, counts.unknown
