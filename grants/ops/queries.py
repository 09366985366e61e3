"""What operators look at: counts, dead letters, heartbeats, the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.models import Application, Revision
from grants.audit import AuditEntry
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.ops.models import Heartbeat
from grants.outbox import Message

LISTED = 25


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to show; empty parts do not filter. ``subject_key`` is an id or a reference that people know."""

    subject_kind: str = ""
    subject_key: str = ""
    kind: str = ""


def list_heartbeats(session: Session) -> Mapping[str, datetime]:
    """The last sign of life of every process, by name."""
    return {row.name: row.at for row in session.scalars(select(Heartbeat).order_by(Heartbeat.name))}


def count_applications(session: Session) -> Mapping[str, int]:
    """Applications by state: one walk over an index."""
    counts = session.execute(select(Application.state, func.count()).group_by(Application.state))
    return {str(state): number for state, number in counts}


def list_dead(
    session: Session, *, topic: str = "", after: str | None = None, before: str | None = None
) -> Page[Message]:
    """One page of dead letters, of one topic where it is given; the latest message first."""
    query = select(Message).where(Message.done_at.is_(None), Message.dead_at.is_not(None))
    if topic:
        query = query.where(Message.topic == topic)
    return paginate(session, query, key=(Message.id,), after=after, before=before, descending=True)


def list_under_way(session: Session) -> Sequence[Message]:
    """What workers are at, then the oldest of what is with the broker."""
    query = select(Message).where(Message.done_at.is_(None), Message.dead_at.is_(None), Message.sent_at.is_not(None))
    at_work_first = (Message.begun_at.is_(None), Message.begun_at, Message.sent_at, Message.id)
    return session.scalars(query.order_by(*at_work_first).limit(LISTED)).all()


def refs_of(session: Session, messages: Iterable[Message]) -> Mapping[int, str]:
    """The numbers of the applications that messages are about, by message; one query for a whole page."""
    about = {message.id: _subject_of(message) for message in messages}
    ids = {key for key in about.values() if key}
    if not ids:
        return {}
    query = (
        select(Application.id, Revision.id, Application.ref)
        .join(Revision, Revision.application_id == Application.id, isouter=True)
        .where(or_(Application.id.in_(ids), Revision.id.in_(ids)), Application.ref.is_not(None))
    )
    refs = {key: ref for *keys, ref in session.execute(query) for key in keys if ref}
    return {number: refs[key] for number, key in about.items() if key in refs}


def _subject_of(message: Message) -> UUID | None:
    given = message.payload.get("revision_id") or message.payload.get("application_id")
    try:
        return UUID(str(given)) if given else None
    except ValueError:
        return None


def list_audit(
    session: Session, chosen: AuditFilter, *, after: str | None = None, before: str | None = None
) -> Page[AuditEntry]:
    """One page of the log, the latest entry first."""
    query = select(AuditEntry)
    if chosen.subject_kind:
        query = query.where(AuditEntry.subject_kind == chosen.subject_kind)
    if chosen.subject_key:
        query = query.where(AuditEntry.subject_key.in_(find_subject_keys(session, chosen.subject_key)))
    if chosen.kind:
        query = query.where(AuditEntry.kind == chosen.kind)
    return paginate(session, query, key=(AuditEntry.id,), after=after, before=before, descending=True)


def find_subject_keys(session: Session, text: str) -> Sequence[str]:
    """The subjects a text may mean: itself, and what bears it as reference (an application, a call) or e-mail."""
    keys = [text]
    found: Iterable[UUID] = (
        *session.scalars(select(Application.id).where(Application.ref == text)),
        *session.scalars(select(Call.id).where(Call.ref == text)),
        *session.scalars(select(Person.id).where(Person.email == text.lower())),
    )
    return keys + [str(key) for key in found]


def names_of(session: Session, entries: Sequence[AuditEntry]) -> Mapping[str, str]:
    """Names of the people who acted, by the label the log has for them; in one query."""
    ids = {UUID(entry.actor) for entry in entries if len(entry.actor) == 36}
    if not ids:
        return {}
    return {str(key): name for key, name in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def count_unsealed(session: Session) -> int:
    """Entries that wait for their seal."""
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.seq.is_(None))) or 0
