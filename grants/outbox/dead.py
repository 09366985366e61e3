"""Dead letters: told by kind, sent again one by one or all of a kind, closed where the work was started anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, exists, func, select, update
from sqlalchemy.orm import Session

from grants.outbox.models import Message
from grants.outbox.topics import Lane

FEW = 20  # so many are sent again in the lanes they were in; more travel as bulk work, so that they hold nobody up


@dataclass(frozen=True, slots=True)
class DeadKind:
    """The dead letters of one topic: how many, when the last one was given up."""

    topic: str
    count: int
    last_at: datetime


def list_dead_kinds(session: Session, *, since: datetime | None = None) -> Sequence[DeadKind]:
    """Dead letters by topic, in the order of topics; ``since`` counts only those given up from then on."""
    query = select(Message.topic, func.count(), func.max(Message.dead_at)).where(is_dead())
    if since is not None:
        query = query.where(Message.dead_at >= since)
    rows = session.execute(query.group_by(Message.topic).order_by(Message.topic))
    return [DeadKind(topic, count, last_at) for topic, count, last_at in rows if last_at]


def revive(session: Session, message_id: int | str, *, at: datetime) -> None:
    """Send a dead letter again, counting its attempts from one."""
    session.execute(
        update(Message).where(Message.id == int(message_id), is_dead()).values(**_anew(at)),
        execution_options={"synchronize_session": False},
    )


def revive_all(session: Session, topic: str, *, at: datetime) -> int:
    """Send every dead letter of a topic again; returns how many. More than a few travel as bulk work."""
    these = (Message.topic == topic, is_dead())
    count = session.scalar(select(func.count()).select_from(Message).where(*these)) or 0
    lane = {"lane": Lane.BULK} if count > FEW else {}
    result = session.execute(
        update(Message).where(*these).values(**_anew(at), **lane), execution_options={"synchronize_session": False}
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def close_dead(session: Session, topic: str, *, at: datetime, **ids: str) -> None:
    """Close the dead letters of a topic whose work has been started anew by other messages.

    ``ids`` are those of the payload, for instance ``revision_id``: only the dead letters about them.
    """
    about = [Message.payload[name].as_string() == value for name, value in ids.items()]
    session.execute(
        update(Message).where(Message.topic == topic, is_dead(), *about).values(done_at=at, dead_at=None),
        execution_options={"synchronize_session": False},
    )


def list_dead_about(session: Session, topics: Collection[str], **ids: str) -> Sequence[Message]:
    """The dead letters of these topics about one thing, the oldest first; ``ids`` as in ``close_dead``."""
    about = [Message.payload[name].as_string() == value for name, value in ids.items()]
    return session.scalars(
        select(Message).where(Message.topic.in_(topics), is_dead(), *about).order_by(Message.id)
    ).all()


def has_dead(topic: str, name: str, key: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Within another query: whether a dead letter of ``topic`` names ``key``, a column of ids, as ``name``."""
    told = func.replace(Message.payload[name].as_string(), "-", "")  # SQLite keeps ids without dashes
    return exists().where(Message.topic == topic, is_dead(), told == func.replace(cast(key, String), "-", ""))


def is_dead() -> ColumnElement[bool]:
    """Given up and not closed since."""
    return Message.dead_at.is_not(None)


def _anew(at: datetime) -> Mapping[str, Any]:
    return {
        "dead_at": None,
        "sent_at": None,
        "begun_at": None,
        "claimed_until": None,
        "due_at": at,
        "attempt": 1,
        "losses": 0,
    }
