"""Reminders of drafts that nobody has submitted: 7, 3 and 1 working days before their close, once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.queries import members_to_tell
from grants.applications.domain import own_close
from grants.applications.models import Application
from grants.applications.queries import load_drafts
from grants.applications.services.submission import clock_face
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import working_calendar
from grants.kernel.clock import SHANGHAI, local_date, local_instant
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.notifications import notify

REMIND_AT = (7, 3, 1)  # working days between today and the day of the close
NOT_BEFORE = time(9)  # in Shanghai
HORIZON_DAYS = 30  # seven working days never take longer


def remind_of_drafts(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Remind the members of units whose draft closes in 7, 3 or 1 working days; returns how many drafts.

    From nine in the morning on, never on the day on which the draft was begun. Where the calendar does not reach to the
    close nobody is reminded: nothing is guessed (decision 15).
    """
    if now.astimezone(SHANGHAI).time() < NOT_BEFORE:
        return 0
    calendar, today = working_calendar(session), local_date(now)
    reminded = 0
    for day in _closing_days(session, now):
        days = _working_days(calendar, today, day)
        if days in REMIND_AT:
            drafts = _list_unreminded(session, day, days, now=now, limit=limit)
            _remind(session, drafts, days, now=now)
            reminded += len(drafts)
    return reminded


def _closing_days(session: Session, now: datetime) -> Sequence[date]:
    """The days, soon, on which some draft closes: of calls, and of units with a close of their own."""
    query = select(_close()).join(Application.call).where(Application.state == ApplicationState.DRAFT, _close() > now)
    return sorted({local_date(close) for close in session.scalars(query.distinct())})


def _close() -> ColumnElement[datetime]:
    """The close without grace, in SQL; as ``domain.own_close``."""
    own = Application.extended_to
    return case((or_(own.is_(None), own <= Call.closes_at), Call.closes_at), else_=own)


def _working_days(calendar: WorkingCalendar, today: date, day: date) -> int | None:
    if (day - today).days > HORIZON_DAYS:
        return None
    try:
        return calendar.between(today, day)
    except UnknownWorkingDayError:
        return None


def _list_unreminded(session: Session, day: date, days: int, *, now: datetime, limit: int) -> Sequence[Application]:
    begins, ends = local_instant(day), local_instant(day + timedelta(days=1))
    query = (
        select(Application)
        .join(Application.call)
        .where(Application.state == ApplicationState.DRAFT, _close() >= begins, _close() < ends, _close() > now)
        .where(Application.created_at < local_instant(local_date(now)))
        .where(or_(Application.reminded_days.is_(None), Application.reminded_days > days))
        .options(joinedload(Application.call).joinedload(Call.definition))
        .order_by(Application.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def _remind(session: Session, applications: Sequence[Application], days: int, *, now: datetime) -> None:
    drafts = load_drafts(session, applications) if applications else {}
    for application in applications:
        application.reminded_days = days
        call = application.call
        notify(
            session,
            event_key=f"draft.unfinished:{application.id}:{days}",
            kind="draft.unfinished",
            recipients=members_to_tell(session, application.organisation_id),
            facts={
                "name": call.title,
                "ref": call.ref,
                "title": application.title,
                "days": str(days),
                "close_at": clock_face(own_close(call.closes_at, application.extended_to)),
                "missing": str(len(drafts[application.id].gaps)),
            },
            path=f"/apply/{application.id}/missing",
            now=now,
        )
