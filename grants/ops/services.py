"""Heartbeats, dead letters sent again, the demonstration clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit, documents, outbox
from grants.db.demo_clock import read_offset, write_offset
from grants.kernel.actor import Actor, Role
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.ops.models import Heartbeat

MAX_OFFSET = timedelta(days=3_660)
SCANS = "file.received"


def beat(session: Session, name: str, now: datetime) -> None:
    """Say that the process ``name`` works at ``now``, the machine's own instant (``clock.real_now``)."""
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = upsert(Heartbeat).values(name=name, at=now)
    session.execute(statement.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": now}))


def revive_message(session: Session, message_id: int, *, actor: Actor, now: datetime, due_at: datetime) -> None:
    """Have a dead letter sent again, its attempts counted from one. Records ``message.revived``.

    ``due_at`` is the machine's own instant, as everything of the outbox.

    Raises:
        ForbiddenError: the actor is no administrator.
        NotFoundError: there is no such message.
        InvalidError: ``message_not_dead``, somebody was quicker.
    """
    _require_administrator(actor)
    message = session.get(outbox.Message, message_id, with_for_update=True)
    if message is None:
        raise NotFoundError(message=message_id)
    if message.dead_at is None:
        raise InvalidError("message_not_dead", message=message_id)
    outbox.revive(session, message_id, at=due_at)
    session.expire(message)
    detail = {"topic": message.topic, "payload": message.payload}
    audit.record(session, actor, "message.revived", ("message", str(message_id)), at=now, detail=detail)


def revive_kind(session: Session, topic: str, *, actor: Actor, now: datetime, due_at: datetime) -> int:
    """Have every dead letter of a topic sent again; returns how many. Records ``messages.revived``.

    Scans have a state of their own besides: theirs are started anew. ``due_at`` as in ``revive_message``. Raises
    ForbiddenError: no administrator; NotFoundError: no such topic.
    """
    _require_administrator(actor)
    if topic not in outbox.TOPICS:
        raise NotFoundError(topic=topic)
    if topic == SCANS:
        return scan_again(session, actor=actor, now=now, at=due_at)
    revived = outbox.revive_all(session, topic, at=due_at)
    if revived:
        audit.record(session, actor, "messages.revived", ("message", topic), at=now, detail={"messages": revived})
    return revived


def scan_again(session: Session, *, actor: Actor, now: datetime, at: datetime) -> int:
    """Have the scans that failed repeated, their dead letters closed; returns how many. Records ``scans.repeated``.

    ``at`` is the machine's own instant, as everything of the outbox. Raises ForbiddenError: no administrator.
    """
    _require_administrator(actor)
    started = documents.scan_again(session)
    outbox.close_dead(session, SCANS, at=at)
    audit.record(session, actor, "scans.repeated", ("files", "scans"), at=now, detail={"files": started})
    return started


def move_clock(session: Session, offset: timedelta, *, clock_can_move: bool, actor: Actor, now: datetime) -> timedelta:
    """Let this installation's time run ``offset`` ahead of the machine's, from the next request and task on.

    Records ``clock.moved`` with both offsets in seconds, at the instant before the move. Returns the offset in force.

    Raises:
        ForbiddenError: the actor is no administrator, or this is production (``clock_fixed``).
        InvalidError: ``clock_out_of_range``, more than ten years either way.
    """
    _require_administrator(actor)
    if not clock_can_move:
        raise ForbiddenError("clock_fixed")
    if abs(offset) > MAX_OFFSET:
        raise InvalidError("clock_out_of_range")
    before = read_offset(session)
    whole = timedelta(seconds=int(offset.total_seconds()))
    write_offset(session, whole)
    detail = {"from_seconds": int(before.total_seconds()), "to_seconds": int(whole.total_seconds())}
    audit.record(session, actor, "clock.moved", ("clock", "demonstration"), at=now, detail=detail)
    return whole


def _require_administrator(actor: Actor) -> None:
    if not actor.has(Role.ADMINISTRATOR):
        raise ForbiddenError("role_missing")
