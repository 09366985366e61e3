"""The calendar of working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from chinese_calendar import constants
from sqlalchemy import CompoundSelect, null, select, union_all
from sqlalchemy.orm import Session

from grants.calls.models import WorkingDayOverride, WorkingYear
from grants.kernel.working_days import WorkingCalendar


def working_calendar(session: Session) -> WorkingCalendar:
    """The calendar in force: chinesecalendar for the years it has, then the editable table, which wins day by day."""
    rows = session.execute(_EDITED_CALENDAR).all()
    overrides = {day: is_working for day, is_working, _ in rows if day is not None}
    years = published_years() | {year for _, _, year in rows if year is not None}
    return WorkingCalendar({**_published_exceptions(), **overrides}, years)


def provisional_years(session: Session) -> frozenset[int]:
    """Years whose holidays are entered but not settled (暂定)."""
    return frozenset(session.scalars(select(WorkingYear.year).where(WorkingYear.provisional.is_(True))))


@cache
def published_years() -> frozenset[int]:
    """The years whose arrangement ships with chinesecalendar."""
    return frozenset(range(min(constants.holidays).year, max(constants.holidays).year + 1))


def list_working_years(session: Session) -> Sequence[WorkingYear]:
    """The years of the editable table, in order."""
    return session.scalars(select(WorkingYear).order_by(WorkingYear.year)).all()


def list_overrides(session: Session, year: int) -> Sequence[WorkingDayOverride]:
    """The entered days of a year, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(WorkingDayOverride).where(WorkingDayOverride.day.between(first, last))
    return session.scalars(query.order_by(WorkingDayOverride.day)).all()


def list_published_days(year: int) -> tuple[tuple[date, bool], ...]:
    """The days of a year that chinesecalendar has as exceptions: (day, is a working day), in order."""
    return tuple(sorted((day, working) for day, working in _published_exceptions().items() if day.year == year))


@cache
def _published_exceptions() -> dict[date, bool]:
    return {**dict.fromkeys(constants.holidays, False), **dict.fromkeys(constants.workdays, True)}


# Days and years in one query: nearly every page of the desk asks for them.
_EDITED_CALENDAR: CompoundSelect[Any] = union_all(
    select(WorkingDayOverride.day, WorkingDayOverride.is_working, null().label("year")),
    select(null(), null(), WorkingYear.year),
)
