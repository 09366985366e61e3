"""When a notice runs: working days, both end days counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from grants.kernel.working_days import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both counted, and how many working days lie within."""

    starts_on: date
    ends_on: date
    days: int

    def holds(self, day: date) -> bool:
        """Whether an objection may be filed on that day, in Shanghai."""
        return self.starts_on <= day <= self.ends_on


def notice_period(calendar: WorkingCalendar, today: date, days: int) -> Period:
    """The period of ``days`` working days (>= 1) that begins today, or on the next working day.

    Raises:
        UnknownWorkingDayError: the calendar does not reach that far; an administrator enters the year first.
    """
    starts_on = today
    while not calendar.is_working(starts_on):
        starts_on += timedelta(days=1)
    return Period(starts_on, calendar.last_of_period(starts_on, days), days)
