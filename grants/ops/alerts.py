"""Telling administrators of work that was given up: once per kind and hour, however much of it there is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.accounts.queries import staff_to_tell
from grants.kernel.actor import Role
from grants.kernel.clock import SHANGHAI
from grants.notifications import notify
from grants.ops.kinds import kind_words
from grants.outbox import DeadKind, Message

DAY = timedelta(days=1)
KIND = "message.given_up"
SHOWN = 200  # characters of a reason in a mail


def alert_of_dead(session: Session, *, real_now: datetime, now: datetime) -> int:
    """Tell of each kind of message that was given up within a day; returns of how many kinds. For a sweep.

    ``real_now`` is the machine's own instant, as everything of the outbox; ``now`` that of the process. What was told
    once for an hour is not told again for that hour; a kind that goes on failing is told of again in the next.
    """
    kinds = outbox.list_dead_kinds(session, since=real_now - DAY)
    for kind in kinds:
        _tell(session, kind, now=now)
    return len(kinds)


def _tell(session: Session, kind: DeadKind, *, now: datetime) -> None:
    latest = select(Message.error).where(Message.topic == kind.topic, Message.dead_at == kind.last_at).limit(1)
    reason = (session.scalar(latest) or "").splitlines()
    notify(
        session,
        event_key=f"{KIND}:{kind.topic}:{kind.last_at:%Y%m%d%H}",
        kind=KIND,
        recipients=staff_to_tell(session, Role.ADMINISTRATOR),
        facts={
            "name": kind_words(kind.topic),
            "ref": kind.topic,
            "count": str(kind.count),
            "at": kind.last_at.astimezone(SHANGHAI).strftime("%H:%M"),
            "reason": reason[0][:SHOWN] if reason else "",
        },
        path="/staff/operations#dead",
        now=now,
    )
