"""Publishing, claiming, marking.

Instants here are the machine's own (``clock.real_now``): moving the demonstration clock must neither hold a message
back nor send it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, update
from sqlalchemy.orm import Session

from grants.kernel.clock import real_now
from grants.outbox.models import Message
from grants.outbox.topics import TOPICS, Lane

ERROR_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """``lag_seconds``: age of the oldest message that is due and not yet sent."""

    waiting: int
    sent_not_done: int
    dead: int
    lag_seconds: float


def publish(
    session: Session,
    topic: str,
    payload: Mapping[str, Any],
    *,
    lane: Lane | None = None,
    due_at: datetime | None = None,
    attempt: int = 1,
) -> Message:
    """Add a message to the caller's transaction; it travels only if that commits.

    ``payload`` holds ids of immutable things as text. Raises KeyError for a topic that nobody declared.
    """
    now = real_now()
    message = Message(
        topic=topic,
        payload=dict(payload),
        lane=lane or TOPICS[topic],
        attempt=attempt,
        created_at=now,
        due_at=due_at or now,
    )
    session.add(message)
    return message


def claim_due(
    session: Session, *, now: datetime, lease: timedelta, limit: int = 100, lane: Lane | None = None
) -> Sequence[Message]:
    """Claim up to ``limit`` due messages, oldest first, for ``lease``; another relay passes them over meanwhile.

    ``lane`` keeps to the messages of one lane.
    """
    due = (
        select(Message)
        .where(_is_waiting(), Message.due_at <= now)
        .where(or_(Message.claimed_until.is_(None), Message.claimed_until <= now))
        .where(true() if lane is None else Message.lane == lane)
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    messages = session.scalars(due).all()
    for message in messages:
        message.claimed_until = now + lease
    return messages


def mark_sent(session: Session, message_ids: Sequence[int], *, at: datetime) -> None:
    """Note that the broker has taken these messages; not of one whose work has failed meanwhile and waits again."""
    session.execute(
        update(Message)
        .where(Message.id.in_(message_ids), Message.claimed_until.is_not(None))
        .values(sent_at=at, claimed_until=None),
        execution_options={"synchronize_session": False},
    )


def release(session: Session, message_ids: Sequence[int]) -> None:
    """Give up the claim on messages that could not be handed over, so that they need not wait for its lease to end."""
    session.execute(
        update(Message).where(Message.id.in_(message_ids), Message.sent_at.is_(None)).values(claimed_until=None),
        execution_options={"synchronize_session": False},
    )


def mark_done(session: Session, message_id: int | str, *, at: datetime) -> None:
    """Note, in the consumer's own transaction, that the work of this message is finished. Twice is harmless."""
    session.execute(
        update(Message)
        .where(Message.id == int(message_id), Message.done_at.is_(None))
        .values(done_at=at, dead_at=None),
        execution_options={"synchronize_session": False},
    )


def retry_later(session: Session, message_id: int | str, *, due_at: datetime, error: str) -> None:
    """Put a message whose work failed for now back into the outbox, as its next attempt."""
    session.execute(
        update(Message)
        .where(Message.id == int(message_id), Message.done_at.is_(None))
        .values(
            due_at=due_at,
            attempt=Message.attempt + 1,
            sent_at=None,
            claimed_until=None,
            error=error[:ERROR_LENGTH],
        ),
        execution_options={"synchronize_session": False},
    )


def bury(session: Session, message_id: int | str, *, at: datetime, error: str) -> bool:
    """Give a message up: a dead letter that ``outbox status`` counts and an operator may revive.

    Returns whether it was open: neither done nor dead before.
    """
    result = session.execute(
        update(Message)
        .where(Message.id == int(message_id), Message.done_at.is_(None), Message.dead_at.is_(None))
        .values(dead_at=at, error=error[:ERROR_LENGTH]),
        execution_options={"synchronize_session": False},
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def revive(session: Session, message_id: int | str, *, at: datetime) -> None:
    """Send a dead letter again, counting its attempts from one."""
    session.execute(
        update(Message)
        .where(Message.id == int(message_id), Message.dead_at.is_not(None))
        .values(dead_at=None, sent_at=None, claimed_until=None, due_at=at, attempt=1),
        execution_options={"synchronize_session": False},
    )


def close_dead(session: Session, topic: str, *, at: datetime) -> None:
    """Close the dead letters of a topic whose work has been started anew by other messages."""
    session.execute(
        update(Message)
        .where(Message.topic == topic, Message.dead_at.is_not(None), Message.done_at.is_(None))
        .values(done_at=at, dead_at=None),
        execution_options={"synchronize_session": False},
    )


def requeue_unfinished(session: Session, *, now: datetime, after: timedelta) -> int:
    """Make due again what was sent longer than ``after`` ago and is not done: its worker or the broker lost it.

    No attempt is counted: it may only have waited long in a queue.
    """
    result = session.execute(
        update(Message)
        .where(Message.sent_at <= now - after, Message.done_at.is_(None), Message.dead_at.is_(None))
        .values(sent_at=None, claimed_until=None),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def status(session: Session, *, now: datetime) -> OutboxStatus:
    """Counts and lag in one query over the open messages."""
    waiting, sent, dead, oldest = session.execute(
        select(
            func.coalesce(func.sum(case((_is_waiting(), 1), else_=0)), 0),
            func.coalesce(func.sum(case((Message.dead_at.is_(None) & Message.sent_at.is_not(None), 1), else_=0)), 0),
            func.coalesce(func.sum(case((Message.dead_at.is_not(None), 1), else_=0)), 0),
            func.min(case((_is_waiting() & (Message.due_at <= now), Message.due_at), else_=None)),
        ).where(Message.done_at.is_(None))
    ).one()
    lag = (now - oldest).total_seconds() if oldest else 0.0
    return OutboxStatus(waiting=waiting, sent_not_done=sent, dead=dead, lag_seconds=lag)


def _is_waiting() -> ColumnElement[bool]:
    return and_(Message.sent_at.is_(None), Message.done_at.is_(None), Message.dead_at.is_(None))
