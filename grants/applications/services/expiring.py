"""What nobody submitted in time ends; a sweep, so that no state waits for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from grants import outbox
from grants.applications.models import Application, CorrectionRequest
from grants.applications.policies import closes_at
from grants.applications.queries import open_correction
from grants.applications.services.advancing import advance
from grants.applications.states import EDITABLE, ApplicationState
from grants.calls.models import Call
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date


def expire_overdue(session: Session, *, now: datetime, limit: int = 200) -> int:
    """End drafts whose call has closed, grace included, and corrections whose last day is over; returns how many.

    An expired correction frees its claims, and ``application.expired`` has those checked anew who failed by them.
    """
    ended = 0
    for application in _list_candidates(session, now, limit):
        if now < closes_at(application, open_correction(session, application)) or application.state not in EDITABLE:
            continue
        advance(session, application, "expire", actor=SYSTEM, now=now)
        if application.ref is not None:
            outbox.publish(session, "application.expired", {"application_id": str(application.id)})
        ended += 1
    return ended


def _list_candidates(session: Session, now: datetime, limit: int) -> Sequence[Application]:
    overdue = select(CorrectionRequest.application_id).where(
        CorrectionRequest.answered_at.is_(None), CorrectionRequest.due_on < local_date(now)
    )
    query = (
        select(Application)
        .join(Application.call)
        .where(
            or_(
                and_(Application.state == ApplicationState.DRAFT, Call.closes_at <= now),
                and_(Application.state == ApplicationState.RETURNED, Application.id.in_(overdue)),
            )
        )
        .options(joinedload(Application.call))
        .order_by(Application.id)
        .limit(limit)
    )
    return session.scalars(query).all()
