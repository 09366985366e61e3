"""How long a call stays open, and the stages after it as a chart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from grants.calls.domain import TimetableStep, timetable
from grants.calls.models import Call
from grants.kernel.clock import local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.programmes.domain import Definition

SOON_DAYS = 7
BAR_KINDS = {"filling": "pri", "notice": "law", "announcement": "ok"}


@dataclass(frozen=True, slots=True)
class DaysLeft:
    """How long a call stays open: days of the calendar, and working days where the calendar reaches that far."""

    days: int
    working_days: int | None
    kind: str  # "soon" in the last week, else ""


def days_left(call: Call, calendar: WorkingCalendar, *, now: datetime) -> DaysLeft:
    """From today (Shanghai) to the day of the close."""
    today, last = local_date(now), local_date(call.closes_at)
    days = max((last - today).days, 0)
    try:
        working = max(calendar.between(today, last), 0)
    except UnknownWorkingDayError:
        working = None
    return DaysLeft(days, working, "soon" if days <= SOON_DAYS else "")


def timetable_of(
    call: Call, definition: Definition, calendar: WorkingCalendar, provisional_years: Collection[int]
) -> tuple[TimetableStep, ...]:
    """The window itself and the stages after it."""
    opens_on, closes_on = local_date(call.opens_at), local_date(call.closes_at)
    years = {opens_on.year, closes_on.year}
    try:
        days = calendar.between(opens_on - timedelta(days=1), closes_on)
    except UnknownWorkingDayError:
        days = 0
    window = TimetableStep(
        "filling", str(_("受理申报")), opens_on, closes_on, days, provisional=bool(years & set(provisional_years))
    )
    after = timetable(
        definition,
        call.stage_days,
        closes_on=closes_on,
        calendar=calendar,
        provisional_years=provisional_years,
    )
    return (window, *after)


def gantt_rows(
    steps: Sequence[TimetableStep],
) -> tuple[list[dict[str, object]], list[tuple[str, float]]]:
    """Bars and month lines for the macro ``gantt``, of the steps that have dates; both empty when none has."""
    dated = [(step, step.first_on, step.last_on) for step in steps if step.first_on and step.last_on]
    if not dated:
        return [], []
    first = min(start for _step, start, _end in dated).replace(day=1)
    last = max(end for _step, _start, end in dated) + timedelta(days=1)
    bars: list[dict[str, object]] = [
        {
            "label": step.label,
            "start": position(start, first, last),
            "end": position(end + timedelta(days=1), first, last),
            "kind": BAR_KINDS.get(step.key, "soft"),
            "from": day_text(start),
            "to": day_text(end),
            "days": days_text(step),
        }
        for step, start, end in dated
    ]
    return bars, [(month_text(month, first), position(month, first, last)) for month in _months(first, last)]


def position(day: date, first: date, last: date) -> float:
    """Where ``day`` lies between ``first`` (0) and ``last`` (100), for drawing only."""
    return round(100 * (day - first).days / max((last - first).days, 1), 2)


def today_position(steps: Sequence[TimetableStep], now: datetime) -> float | None:
    """Where today stands in the chart; None outside it."""
    days = [day for step in steps for day in (step.first_on, step.last_on) if day]
    today = local_date(now)
    if not days or not min(days) <= today <= max(days):
        return None
    return position(today, min(days).replace(day=1), max(days) + timedelta(days=1))


def day_text(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_text(step: TimetableStep) -> str:
    """The number of days, marked where they are days of the calendar or provisional."""
    text = str(_("%(n)s 日", n=step.days)) if step.calendar_days else str(step.days or "—")
    return f"{text}{_('（暂定）')}" if step.provisional else text


def month_text(month: date, first: date) -> str:
    """``10月``; the year stands at the first month and at each January."""
    return f"{month.year}年{month.month}月" if month.month == 1 or month == first else f"{month.month}月"


def _months(first: date, last: date) -> list[date]:
    months, month = [], first
    while month < last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months
