"""What the consumer notes of a message: begun, done, to be tried again, given up.

Instants are the machine's own, as in ``sending``.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from grants.outbox.models import Message
from grants.outbox.topics import Lane

ERROR_LENGTH = 2_000

# On the table itself and built once: every task begins and ends with them.
MESSAGES: Any = Message.__table__
_OPEN = (
    (MESSAGES.c.id == bindparam("number"))
    & MESSAGES.c.done_at.is_(None)
    & MESSAGES.c.dead_at.is_(None)
    & (MESSAGES.c.attempt == bindparam("of"))
)
_STILL_OPEN = select(MESSAGES.c.id).where(_OPEN)
_BEGIN = update(MESSAGES).where(_OPEN, MESSAGES.c.begun_at.is_(None)).values(begun_at=bindparam("at"))
_DONE = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("number"), MESSAGES.c.done_at.is_(None))
    .values(done_at=bindparam("at"), dead_at=None)
)


class Start(Enum):
    """What a worker finds when a message is delivered to it."""

    FREE = auto()  # nobody has begun with this attempt: the work is the caller's
    LOST = auto()  # somebody has begun with it and never said how it ended: that process is gone, or was cut off
    OVER = auto()  # done, dead, or planned anew as another attempt: a late delivery, nothing is left to do


def begin(session: Session, message_id: int | str, *, attempt: int, at: datetime) -> Start:
    """Note that work on this attempt begins; of several deliveries of one attempt, one is told FREE."""
    given = {"number": int(message_id), "of": attempt}
    begun = session.connection().execute(_BEGIN, {**given, "at": at})
    if begun.rowcount:
        return Start.FREE
    return Start.LOST if session.scalar(_STILL_OPEN, given) else Start.OVER


def count_losses(session: Session, message_id: int | str) -> int:
    """How often a process was lost over this message, or ran out of time or memory."""
    return session.scalar(select(Message.losses).where(Message.id == int(message_id))) or 0


def mark_done(session: Session, message_id: int | str, *, at: datetime) -> None:
    """Note, in the consumer's own transaction, that the work of this message is finished. Twice is harmless."""
    session.flush()
    session.connection().execute(_DONE, {"number": int(message_id), "at": at})


def retry_later(
    session: Session,
    message_id: int | str,
    *,
    due_at: datetime,
    error: str,
    attempt: int | None = None,
    losses: int = 0,
    lane: Lane | None = None,
) -> None:
    """Put a message whose work failed for now back into the outbox, as its next attempt.

    ``attempt``: only if it is still this one that is open; another delivery may have planned the next one already.
    ``losses`` are added to those counted; ``lane`` moves the message to another lane.
    """
    this = Message.id == int(message_id)
    still = this if attempt is None else this & (Message.attempt == attempt)
    planned = {
        "due_at": due_at,
        "attempt": Message.attempt + 1,
        "losses": Message.losses + losses,
        "sent_at": None,
        "begun_at": None,
        "claimed_until": None,
        "error": error[:ERROR_LENGTH],
    }
    session.execute(
        update(Message)
        .where(still, Message.done_at.is_(None), Message.dead_at.is_(None))
        .values(**planned, **({"lane": lane} if lane else {})),
        execution_options={"synchronize_session": False},
    )


def bury(session: Session, message_id: int | str, *, at: datetime, error: str) -> bool:
    """Give a message up: a dead letter that ``outbox status`` counts and an operator may revive.

    Returns whether it was open: neither done nor dead before.
    """
    result = session.execute(
        update(Message)
        .where(Message.id == int(message_id), Message.done_at.is_(None), Message.dead_at.is_(None))
        .values(dead_at=at, begun_at=None, error=error[:ERROR_LENGTH]),
        execution_options={"synchronize_session": False},
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
