"""What nobody submitted in time ends; a sweep, so that no state waits for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from grants import outbox
from grants.accounts.queries import members_to_tell
from grants.applications.models import Application, CorrectionRequest
from grants.applications.policies import closes_at, kept_until_of
from grants.applications.queries import lock_application, open_correction
from grants.applications.services.advancing import advance
from grants.applications.services.submission import clock_face
from grants.applications.states import EDITABLE, ApplicationState
from grants.calls.models import Call
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date
from grants.notifications import notify


def expire_overdue(session: Session, *, now: datetime, limit: int = 200) -> int:
    """End drafts whose call has closed, grace included, and corrections whose last day is over; returns how many.

    The members are told. An expired correction frees its claims, and ``application.expired`` has those checked anew
    who failed by them.
    """
    ended = 0
    for application in _list_candidates(session, now, limit):
        lock_application(session, application.id)  # it may have been submitted, or been given time, since it was listed
        if now < closes_at(application, open_correction(session, application)) or application.state not in EDITABLE:
            continue
        advance(session, application, "expire", actor=SYSTEM, now=now)
        if application.ref is not None:
            outbox.publish(session, "application.expired", {"application_id": str(application.id)})
        _tell(session, application, now=now)
        ended += 1
    return ended


def _tell(session: Session, application: Application, *, now: datetime) -> None:
    """What ended, and what can still be done with it; a draft that was restored may expire again."""
    kept_until = kept_until_of(application)
    facts = {"name": application.call.title, "ref": application.ref or application.call.ref, "title": application.title}
    if kept_until is not None:
        facts["kept_until"] = clock_face(kept_until)
    notify(
        session,
        event_key=f"application.expired:{application.id}:{now:%Y%m%dT%H%M}",
        kind="application.expired",
        recipients=members_to_tell(session, application.organisation_id),
        facts=facts,
        path=f"/apply/{application.id}/",
        now=now,
    )


def _list_candidates(session: Session, now: datetime, limit: int) -> Sequence[Application]:
    overdue = select(CorrectionRequest.application_id).where(
        CorrectionRequest.answered_at.is_(None), CorrectionRequest.due_on < local_date(now)
    )
    query = (
        select(Application)
        .join(Application.call)
        .where(
            or_(
                and_(
                    Application.state == ApplicationState.DRAFT,
                    Call.closes_at <= now,
                    or_(Application.extended_to.is_(None), Application.extended_to <= now),
                ),
                and_(Application.state == ApplicationState.RETURNED, Application.id.in_(overdue)),
            )
        )
        .options(joinedload(Application.call))
        .order_by(Application.id)
        .limit(limit)
    )
    return session.scalars(query).all()
