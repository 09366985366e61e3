"""Sessions as rows: one per browser, ended by deleting the row, so that no copy of a cookie outlives it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Person, PersonSession
from grants.kernel.actor import Actor
from grants.kernel.clock import SHANGHAI, local_date
from grants.notifications import Recipient, notify

DEVICE_LENGTH = 200
SESSIONS_KEPT = 20  # per person; of more the oldest end


def begin_session(session: Session, person: Person, *, device: str, now: datetime) -> PersonSession:
    """Sign a person in at one more browser. ``device`` is what it calls itself; ``now`` the machine's own instant."""
    begun = PersonSession(person_id=person.id, device=device[:DEVICE_LENGTH], begun_at=now, seen_on=local_date(now))
    session.add(begun)
    session.flush()
    newest = (
        select(PersonSession.id)
        .where(PersonSession.person_id == person.id)
        .order_by(PersonSession.begun_at.desc(), PersonSession.id)
        .limit(SESSIONS_KEPT)
    )
    kept = session.scalars(newest).all()
    _delete(session, person.id, but=kept)
    return begun


def note_seen(session: Session, session_id: UUID, *, on: date) -> None:
    """Note the day on which something was sent from a session."""
    session.execute(update(PersonSession).where(PersonSession.id == session_id).values(seen_on=on))


def sign_out(session: Session, session_id: UUID) -> None:
    """End the session at hand."""
    session.execute(delete(PersonSession).where(PersonSession.id == session_id))


def end_session(session: Session, ended: PersonSession, *, actor: Actor, now: datetime) -> None:
    """End one session of the person's from another."""
    sign_out(session, ended.id)
    audit.record(session, actor, "person.session_ended", ("person", ended.person_id), at=now)


def end_sessions(session: Session, person: Person, *, actor: Actor, now: datetime) -> None:
    """Sign the person out everywhere, this browser included."""
    _delete(session, person.id)
    audit.record(session, actor, "person.sessions_ended", ("person", person.id), at=now)


def change_password(session: Session, person: Person, *, new_hash: str, actor: Actor, now: datetime) -> Person:
    """Put a new password in force, end every session and tell the person; the edge starts a new one for this browser.

    The edge has made sure who asks, and of the strength of the new password, outside the transaction.
    """
    person.password_hash = new_hash
    session.flush()
    _delete(session, person.id)
    audit.record(session, actor, "person.password_changed", ("person", person.id), at=now)
    at = now.astimezone(SHANGHAI)
    notify(
        session,
        event_key=f"password.changed:{now.isoformat()}",
        kind="password.changed",
        recipients=[Recipient(person.id, person.email, person.name)],
        facts={"name": person.name, "ref": person.email, "at": f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"},
        path="/account",
        now=now,
    )
    return person


def _delete(session: Session, person_id: UUID, *, but: Sequence[UUID] = ()) -> None:
    session.execute(
        delete(PersonSession)
        .where(PersonSession.person_id == person_id, PersonSession.id.not_in(but))
        .execution_options(synchronize_session=False)
    )
