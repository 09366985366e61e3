"""How the outbox stands: counts and lag, of all of it and of each lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from grants.outbox.flow import is_under_way, is_waiting
from grants.outbox.models import Message
from grants.outbox.topics import Lane


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """``lag_seconds``: age of the oldest message that is due and not yet sent."""

    waiting: int
    sent_not_done: int
    dead: int
    lag_seconds: float


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """One lane. ``waiting`` are due, ``planned`` come later (retries); ``queued`` are with the broker, ``running`` with
    a worker; ``lag_seconds``: age of the oldest that is due and not done, wherever it is.
    """

    waiting: int = 0
    planned: int = 0
    queued: int = 0
    running: int = 0
    dead: int = 0
    unsent_seconds: float = 0.0
    lag_seconds: float = 0.0


def status(session: Session, *, now: datetime) -> OutboxStatus:
    """Counts and lag of the whole outbox, in one query over what is not done."""
    lanes = list(lane_status(session, now=now).values())
    return OutboxStatus(
        waiting=sum(lane.waiting + lane.planned for lane in lanes),
        sent_not_done=sum(lane.queued + lane.running for lane in lanes),
        dead=sum(lane.dead for lane in lanes),
        lag_seconds=max(lane.unsent_seconds for lane in lanes),
    )


def lane_status(session: Session, *, now: datetime) -> Mapping[Lane, LaneStatus]:
    """Every lane's counts and lag, in one query over what is not done."""
    is_due, is_begun = Message.due_at <= now, Message.begun_at.is_not(None)
    counted = (
        is_waiting() & is_due,
        is_waiting() & ~is_due,
        is_under_way() & ~is_begun,
        is_under_way() & is_begun,
        Message.dead_at.is_not(None),
    )
    counts = [func.sum(case((condition, 1), else_=0)) for condition in counted]
    unsent = func.min(case((is_waiting() & is_due, Message.due_at)))
    undone = func.min(case((Message.dead_at.is_(None) & is_due, Message.due_at)))
    query = select(Message.lane, *counts, unsent, undone).where(Message.done_at.is_(None)).group_by(Message.lane)
    found = {
        Lane(lane): LaneStatus(waiting, planned, queued, running, dead, _age(unsent_at, now), _age(undone_at, now))
        for lane, waiting, planned, queued, running, dead, unsent_at, undone_at in session.execute(query)
    }
    return {lane: found.get(lane, LaneStatus()) for lane in Lane}


def _age(instant: datetime | None, now: datetime) -> float:
    return (now - instant).total_seconds() if instant else 0.0
