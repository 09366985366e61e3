"""What the relay asks before it writes: cheap reads, so that an idle relay never takes the writer's place on SQLite."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from grants.outbox.models import Message
from grants.outbox.topics import Lane


def has_due(session: Session, *, now: datetime, lane: Lane) -> bool:
    """Whether a message of ``lane`` may be claimed at ``now``."""
    unclaimed = Message.claimed_until.is_(None) | (Message.claimed_until <= now)
    due = exists().where(_is_open(), Message.sent_at.is_(None), Message.due_at <= now, unclaimed, Message.lane == lane)
    return bool(session.scalar(select(due)))


def has_unfinished(session: Session, *, now: datetime, after: timedelta) -> bool:
    """Whether a message was sent longer than ``after`` ago and is not done."""
    return bool(session.scalar(select(exists().where(_is_open(), Message.sent_at <= now - after))))


def is_done(session: Session, message_id: int | str) -> bool:
    """Whether the work of this message is finished; a late second delivery asks."""
    return bool(session.scalar(select(exists().where(Message.id == int(message_id), Message.done_at.is_not(None)))))


def count_sent(session: Session, *, lane: Lane, cap: int) -> int:
    """How many messages of ``lane`` are with the broker or a worker, counted up to ``cap``."""
    under_way = select(Message.id).where(_is_open(), Message.sent_at.is_not(None), Message.lane == lane).limit(cap)
    return session.scalar(select(func.count()).select_from(under_way.subquery())) or 0


def _is_open() -> ColumnElement[bool]:
    return Message.done_at.is_(None) & Message.dead_at.is_(None)
