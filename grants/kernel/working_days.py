"""Working days of the Chinese calendar over a table that the caller supplies (decision 15); beyond the table nothing
is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from grants.kernel.errors import DomainError


class UnknownWorkingDayError(DomainError):
    """The table of working days does not reach this day; an administrator must enter it first."""

    code = "working_days_unknown"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """``exceptions``: day -> is a working day, for holidays and working weekends; ``years``: the years the table
    covers."""

    exceptions: Mapping[date, bool]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day; raises UnknownWorkingDayError outside the covered years."""
        if day.year not in self.years:
            raise UnknownWorkingDayError(day=day.isoformat(), year=day.year)
        return self.exceptions.get(day, day.weekday() < 5)

    def last_of_period(self, first: date, days: int) -> date:
        """Last day of a period of ``days`` working days (>= 1), both end days counted, as 公示 counts them.

        ``first`` itself counts when it is a working day; otherwise counting begins with the next one.
        """
        day, left = first, days
        while True:
            left -= self.is_working(day)
            if left <= 0:
                return day
            day += timedelta(days=1)

    def add(self, start: date, days: int) -> date:
        """The day ``days`` working days after ``start``, which is not counted."""
        return self.last_of_period(start + timedelta(days=1), days) if days > 0 else start

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
