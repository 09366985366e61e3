"""Keeping the editable calendar of working days (decision 15)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.calls import policies, queries
from grants.calls.models import WorkingDayOverride, WorkingYear
from grants.kernel.actor import Actor
from grants.kernel.errors import InvalidError, NotFoundError

FIRST_YEAR, LAST_YEAR = 2024, 2099


def add_year(session: Session, year: int, *, actor: Actor, now: datetime) -> WorkingYear:
    """Let the calendar cover a year, with its weekends only and as provisional, until its holidays are entered.

    Raises:
        ForbiddenError: the actor may not manage calls.
        InvalidError: ``calendar_year_known``, it is covered already, or ``calendar_year_out_of_range``.
    """
    policies.may_manage(actor).require()
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidError("calendar_year_out_of_range", year=year)
    if year in queries.published_years() or session.get(WorkingYear, year) is not None:
        raise InvalidError("calendar_year_known", year=year)
    added = WorkingYear(year=year, provisional=True)
    session.add(added)
    session.flush()
    audit.record(session, actor, "calendar.year_added", ("calendar", str(year)), at=now)
    return added


def settle_year(session: Session, year: int, *, provisional: bool, actor: Actor, now: datetime) -> WorkingYear:
    """Say that a year's holidays are those announced, or provisional after all.

    Raises:
        ForbiddenError: the actor may not manage calls.
        NotFoundError: the editable table does not have the year.
    """
    policies.may_manage(actor).require()
    found = session.get(WorkingYear, year, with_for_update=True)
    if found is None:
        raise NotFoundError(year=year)
    found.provisional = provisional
    audit.record(
        session, actor, "calendar.year_settled", ("calendar", str(year)), at=now, detail={"provisional": provisional}
    )
    return found


def set_working_day(
    session: Session, day: date, *, is_working: bool, note: str, actor: Actor, now: datetime
) -> WorkingDayOverride:
    """Enter one day as working or not, over whatever the calendar said before.

    Raises:
        ForbiddenError: the actor may not manage calls.
        InvalidError: ``calendar_year_missing``, the calendar does not cover the day's year.
    """
    policies.may_manage(actor).require()
    if day.year not in queries.working_calendar(session).years:
        raise InvalidError("calendar_year_missing", year=day.year)
    entered = session.merge(WorkingDayOverride(day=day, is_working=is_working, note=note))
    session.flush()
    detail = {"day": day, "is_working": is_working, "note": note}
    audit.record(session, actor, "calendar.day_set", ("calendar", str(day.year)), at=now, detail=detail)
    return entered


def clear_working_day(session: Session, day: date, *, actor: Actor, now: datetime) -> None:
    """Take an entered day back; what holds then is the published calendar, or the weekday.

    Raises:
        ForbiddenError: the actor may not manage calls.
        NotFoundError: that day was not entered.
    """
    policies.may_manage(actor).require()
    entered = session.get(WorkingDayOverride, day, with_for_update=True)
    if entered is None:
        raise NotFoundError(day=day.isoformat())
    session.delete(entered)
    session.flush()
    audit.record(session, actor, "calendar.day_cleared", ("calendar", str(day.year)), at=now, detail={"day": day})
