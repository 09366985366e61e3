"""Applications follow a deadline that was moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.queries import members_to_tell
from grants.applications.models import Application
from grants.applications.services.advancing import advance
from grants.applications.services.submission import clock_face
from grants.applications.states import ApplicationState
from grants.calls.models import DeadlineExtension
from grants.kernel.actor import SYSTEM
from grants.notifications import notify

UNSUBMITTED = (ApplicationState.DRAFT, ApplicationState.EXPIRED)


def follow_extension(session: Session, extension: DeadlineExtension, *, now: datetime) -> int:
    """Give the drafts concerned their new close; those that had expired for lack of time open again. Told once.

    A second call for the same extension changes nothing. Returns how many units were told.
    """
    drafts = _list_unsubmitted(session, extension)
    for draft in drafts:
        if extension.organisation_id is not None:
            draft.extended_to = max(draft.extended_to or extension.until_at, extension.until_at)
        if draft.state is ApplicationState.EXPIRED and now < extension.until_at:
            advance(session, draft, "restore", actor=SYSTEM, now=now, detail={"extension": str(extension.id)})
    session.flush()
    units = {draft.organisation_id: draft for draft in drafts}
    for organisation_id in units:
        _tell(session, extension, organisation_id, now=now)
    if extension.organisation_id is not None and extension.organisation_id not in units:
        _tell(session, extension, extension.organisation_id, now=now)
    return len(units)


def _list_unsubmitted(session: Session, extension: DeadlineExtension) -> Sequence[Application]:
    query = (
        select(Application)
        .where(Application.call_id == extension.call_id, Application.state.in_(UNSUBMITTED))
        .where(Application.ref.is_(None))
        .options(joinedload(Application.call))
        .order_by(Application.id)
    )
    if extension.organisation_id is not None:
        query = query.where(Application.organisation_id == extension.organisation_id)
    return session.scalars(query).all()


def _tell(session: Session, extension: DeadlineExtension, organisation_id: UUID, *, now: datetime) -> None:
    call = extension.call
    notify(
        session,
        event_key=f"deadline.extended:{extension.id}",
        kind="deadline.extended",
        recipients=members_to_tell(session, organisation_id),
        facts={
            "name": call.title,
            "ref": call.ref,
            "until_at": clock_face(extension.until_at),
            "former_close_at": clock_face(extension.former_close_at),
            "reason": extension.reason,
        },
        path=f"/calls/{call.ref}",
        now=now,
    )
