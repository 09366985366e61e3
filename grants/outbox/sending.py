"""Publishing, claiming, noting what the broker has taken.

Instants here are the machine's own (``clock.real_now``): moving the demonstration clock must neither hold a message
back nor send it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, true, update
from sqlalchemy.orm import Session

from grants.kernel.clock import real_now
from grants.outbox.dead import close_dead
from grants.outbox.flow import is_waiting
from grants.outbox.models import PUBLISHED, Message
from grants.outbox.topics import TOPICS, Lane

MESSAGES: Any = Message.__table__
ADD_MESSAGE = insert(MESSAGES).inline()  # nobody asks for the number that the row gets


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


def publish_all(session: Session, topic: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """``publish`` for many, by statements that answer nothing; the lane is the topic's."""
    now = real_now()
    shared = {"topic": topic, "lane": TOPICS[topic], "attempt": 1, "losses": 0, "created_at": now, "due_at": now}
    connection = session.connection()
    for payload in payloads:
        connection.execute(ADD_MESSAGE, {**shared, "payload": dict(payload)})
        session.info[PUBLISHED] = True


def publish_anew(session: Session, topic: str, payload: Mapping[str, str], *, lane: Lane | None = None) -> Message:
    """``publish``, closing the dead letters of the same content: somebody has started their work again elsewhere."""
    close_dead(session, topic, at=real_now(), **payload)
    return publish(session, topic, payload, lane=lane)


def claim_due(
    session: Session,
    *,
    now: datetime,
    lease: timedelta,
    limit: int = 100,
    lane: Lane | None = None,
    topic: str | None = None,
) -> Sequence[Message]:
    """Claim up to ``limit`` due messages, oldest first, for ``lease``; another relay passes them over meanwhile.

    ``lane`` and ``topic`` keep to the messages of one lane, of one topic.
    """
    due = (
        select(Message)
        .where(is_waiting(), Message.due_at <= now)
        .where(or_(Message.claimed_until.is_(None), Message.claimed_until <= now))
        .where(true() if lane is None else Message.lane == lane)
        .where(true() if topic is None else Message.topic == topic)
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


def requeue_unfinished(session: Session, *, now: datetime, after: timedelta) -> int:
    """Make due again what was sent longer than ``after`` ago and is not done: its worker or the broker lost it.

    No attempt is counted: it may only have waited long in a queue. Where work on it had begun, whoever gets it next
    sees that.
    """
    result = session.execute(
        update(Message)
        .where(Message.sent_at <= now - after, Message.done_at.is_(None), Message.dead_at.is_(None))
        .values(sent_at=None, claimed_until=None),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
