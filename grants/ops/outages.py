"""Times in which people could not work: noticed by the web server that had been silent, or recorded by hand; and the
calls they concern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.queries import staff_to_tell
from grants.calls import services as calls
from grants.calls.domain import hours_lost
from grants.calls.models import Call, DeadlineExtension
from grants.calls.queries import get_call
from grants.calls.states import CallState
from grants.db import Page, paginate
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import SHANGHAI
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.notifications import notify
from grants.ops.models import Heartbeat, Outage
from grants.ops.services import beat

WEB, SITE = "web", "site"
SILENCE = timedelta(minutes=2)  # eight signs missed in a row
MAX_NOTE = 1_000
CLOCK_FACE = "%Y年%m月%d日 %H:%M"


def give_sign(session: Session, name: str, *, real_now: datetime, now: datetime) -> Outage | None:
    """Say that a process works; where it had been silent for two minutes or more, record that as an outage.

    Of several processes of one name the first to come back records it. Administrators are told where it concerns an
    open call. ``real_now`` is the machine's instant, ``now`` that of the process.
    """
    last = session.get(Heartbeat, name, with_for_update=True)
    silent = real_now - last.at if last is not None else timedelta(0)
    beat(session, name, real_now)
    if silent < SILENCE:
        return None
    outage = Outage(part=name, began_at=now - silent, ended_at=now)
    session.add(outage)
    session.flush()
    _tell_administrators(session, outage, now=now)
    return outage


def record_outage(
    session: Session, *, began_at: datetime, ended_at: datetime, note: str, actor: Actor, now: datetime
) -> Outage:
    """Record what the server could not notice itself: a broken line, an overloaded gateway. Records
    ``outage.recorded``.

    Raises:
        ForbiddenError: the actor is no administrator.
        InvalidError: ``outage_times``, it does not end after it began, or lies ahead; ``outage_without_note``.
    """
    if not actor.has(Role.ADMINISTRATOR):
        raise ForbiddenError("role_missing")
    if not began_at < ended_at <= now:
        raise InvalidError("outage_times")
    if not note.strip() or len(note) > MAX_NOTE:
        raise InvalidError("outage_without_note")
    outage = Outage(part=SITE, began_at=began_at, ended_at=ended_at, note=note.strip(), recorded_by=actor.person_id)
    session.add(outage)
    session.flush()
    detail = {"began_at": began_at.isoformat(), "ended_at": ended_at.isoformat(), "note": outage.note}
    audit.record(session, actor, "outage.recorded", ("outage", outage.id), at=now, detail=detail)
    return outage


def propose_equal_time(session: Session, outage: Outage, ref: str, *, actor: Actor, now: datetime) -> DeadlineExtension:
    """Propose that everybody in a call gets back what the outage took; a second person decides.

    Raises as ``calls.services.propose_extension``; InvalidError ``outage_answered`` where it was proposed before.
    """
    call = get_call(session, ref)
    if (outage.id, call.id) in extensions_of(session, [outage]):
        raise InvalidError("outage_answered")
    began, ended = (at.astimezone(SHANGHAI).strftime(CLOCK_FACE) for at in (outage.began_at, outage.ended_at))
    hours = hours_lost(outage.began_at, outage.ended_at)
    reason = f"申报系统于 {began} 至 {ended} 中断，按中断时长为全体申报单位延长 {hours} 小时。{outage.note}"
    times = (outage.began_at, outage.ended_at)
    return calls.propose_for_outage(session, call, outage=times, reason=reason, actor=actor, now=now)


def get_outage(session: Session, outage_id: UUID) -> Outage:
    """The outage with this id; raises NotFoundError."""
    outage = session.get(Outage, outage_id)
    if outage is None:
        raise NotFoundError(outage=str(outage_id))
    return outage


def list_outages(session: Session, *, after: str | None = None, before: str | None = None) -> Page[Outage]:
    """One page of outages, the latest first; the guard of the page lets administrators in only."""
    key = (Outage.ended_at, Outage.id)
    return paginate(session, select(Outage), key=key, after=after, before=before, descending=True)


def calls_concerned(session: Session, outages: Sequence[Outage]) -> Mapping[UUID, Sequence[Call]]:
    """Announced calls whose window an outage fell into, by outage; one query for a whole page."""
    if not outages:
        return {}
    first, last = min(one.began_at for one in outages), max(one.ended_at for one in outages)
    query = select(Call).where(Call.state == CallState.ANNOUNCED, Call.opens_at < last, Call.closes_at > first)
    calls_then = session.scalars(query.order_by(Call.closes_at, Call.id)).all()
    return {
        one.id: [call for call in calls_then if one.began_at < call.closes_at and call.opens_at < one.ended_at]
        for one in outages
    }


def extensions_of(session: Session, outages: Sequence[Outage]) -> Mapping[tuple[UUID, UUID], DeadlineExtension]:
    """What was proposed on account of these outages, by outage and call."""
    by_times = {(one.began_at, one.ended_at): one.id for one in outages}
    query = select(DeadlineExtension).where(DeadlineExtension.outage_began_at.in_([began for began, _ in by_times]))
    return {
        (by_times[times], found.call_id): found
        for found in session.scalars(query)
        if (times := (found.outage_began_at, found.outage_ended_at)) in by_times
    }


def _tell_administrators(session: Session, outage: Outage, *, now: datetime) -> None:
    concerned = calls_concerned(session, [outage])[outage.id]
    if not concerned:
        return
    began, ended = (at.astimezone(SHANGHAI).strftime(CLOCK_FACE) for at in (outage.began_at, outage.ended_at))
    notify(
        session,
        event_key=f"outage.noticed:{outage.id}",
        kind="outage.noticed",
        recipients=staff_to_tell(session, Role.ADMINISTRATOR),
        facts={"name": concerned[0].title, "ref": concerned[0].ref, "began_at": began, "ended_at": ended},
        path="/staff/operations/outages",
        now=now,
    )
