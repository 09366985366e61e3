"""What the relay asks before it writes: cheap reads, so that an idle relay never takes the writer's place on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from grants.outbox.models import Message
from grants.outbox.topics import Lane


def has_due(session: Session, *, now: datetime, lane: Lane) -> bool:
    """Whether a message of ``lane`` may be claimed at ``now``."""
    return bool(session.scalar(select(exists().where(*_claimable(now, lane)))))


def list_due_topics(session: Session, *, now: datetime, lane: Lane) -> Sequence[str]:
    """The topics of which a message of ``lane`` may be claimed at ``now``, in their order."""
    query = select(Message.topic).where(*_claimable(now, lane)).distinct()
    return session.scalars(query.order_by(Message.topic)).all()


def has_unfinished(session: Session, *, now: datetime, after: timedelta) -> bool:
    """Whether a message was sent longer than ``after`` ago and is not done."""
    return bool(session.scalar(select(exists().where(is_under_way(), Message.sent_at <= now - after))))


def count_sent(session: Session, *, lane: Lane, cap: int) -> int:
    """How many messages of ``lane`` are with the broker or a worker, counted up to ``cap``."""
    under_way = select(Message.id).where(is_under_way(), Message.lane == lane).limit(cap)
    return session.scalar(select(func.count()).select_from(under_way.subquery())) or 0


def is_waiting() -> ColumnElement[bool]:
    """Not with the broker; perhaps not due yet."""
    return Message.sent_at.is_(None) & Message.done_at.is_(None) & Message.dead_at.is_(None)


def is_under_way() -> ColumnElement[bool]:
    """With the broker or a worker."""
    return Message.sent_at.is_not(None) & Message.done_at.is_(None) & Message.dead_at.is_(None)


def _claimable(now: datetime, lane: Lane) -> tuple[ColumnElement[bool], ...]:
    unclaimed = Message.claimed_until.is_(None) | (Message.claimed_until <= now)
    return (is_waiting(), Message.due_at <= now, unclaimed, Message.lane == lane)
