"""Noting who has a draft open, and forgetting it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, or_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants.applications.models import Application, DraftPresence
from grants.applications.queries import PRESENT_FOR
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError

KEPT_FOR = timedelta(hours=1)


def note_presence(session: Session, application: Application, place: str, *, actor: Actor, now: datetime) -> None:
    """The person has the application open at ``place`` (a section's key, or nothing), in one statement.

    Since when starts anew at another place, and after a time of not having been seen. Several pages of one person count
    as the one that spoke last.
    """
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    values: dict[str, Any] = {
        "application_id": application.id,
        "person_id": actor.person_id,
        "place": place,
        "since": now,
        "seen_at": now,
    }
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql_insert if postgresql else sqlite_insert)(DraftPresence).values(values)
    anew = or_(DraftPresence.place != place, DraftPresence.seen_at <= now - PRESENT_FOR)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[DraftPresence.application_id, DraftPresence.person_id],
            set_={"place": place, "seen_at": now, "since": case((anew, now), else_=DraftPresence.since)},
        )
    )


def sweep_presence(session: Session, *, now: datetime) -> int:
    """Delete what was last said more than an hour ago; returns how much."""
    statement = delete(DraftPresence).where(DraftPresence.seen_at < now - KEPT_FOR)
    return session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]
