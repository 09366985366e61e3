"""When everything in the demonstration happens, counted in working days before the day on which it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants.calls import queries, services
from grants.calls.models import WorkingYear
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date, local_instant
from grants.kernel.working_days import WorkingCalendar

WINDOW_DAYS = 30
COMING_IN = 9  # days after the opening of an open call by which its applications are in
OPEN_FOR_DAYS = 21


@dataclass(frozen=True, slots=True)
class Almanac:
    """Working days around ``today``, the day of loading in Shanghai."""

    today: date
    calendar: WorkingCalendar

    def before(self, days: int) -> date:
        """The working day that lies ``days`` (>= 1) working days before today."""
        day, left = self.today, days
        while left:
            day -= timedelta(days=1)
            left -= self.calendar.is_working(day)
        return day

    def working_until(self, day: date) -> date:
        """``day`` if it is a working day, else the last one before."""
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        return day

    def working_from(self, day: date) -> date:
        """``day`` if it is a working day, else the next one."""
        return self.calendar.last_of_period(day, 1)

    def after(self, day: date, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """The instant at ``hour`` on the day ``days`` working days after ``day``."""
        return local_instant(self.calendar.add(day, days), hour, minute)


@dataclass(frozen=True, slots=True)
class Window:
    """The opening and closing instants of a call; ``parameters`` are the dates that go with them."""

    opens_at: datetime
    closes_at: datetime
    sales_from: date
    start_on: date

    @property
    def asof(self) -> date:
        """T: the day of the close."""
        return local_date(self.closes_at)

    def parameters(self, code: str) -> dict[str, Any]:
        """The dates that a call of the programme must set."""
        if code == "sbc":
            return {"sales_from": self.sales_from.isoformat(), "sales_until": self.asof.isoformat()}
        return {
            "start_from": (self.asof - timedelta(days=365)).isoformat(),
            "start_until": (self.asof + timedelta(days=180)).isoformat(),
        }


def closed_window(almanac: Almanac, days: int) -> Window:
    """A window that closed ``days`` working days before today."""
    closed_on = almanac.before(days)
    return _window(almanac.working_from(closed_on - timedelta(days=WINDOW_DAYS)), closed_on)


def open_window(almanac: Almanac) -> Window:
    """The window that is open today: for so long that districts and officers have had a working day each."""
    opens_on = almanac.working_until(almanac.before(2) - timedelta(days=COMING_IN))
    closes_on = almanac.working_from(almanac.today + timedelta(days=OPEN_FOR_DAYS))
    return _window(opens_on, closes_on)


def window_of(almanac: Almanac, closed_days_ago: int) -> Window:
    """The window of a call that closed so many working days ago; of one that is open where it is 0."""
    return closed_window(almanac, closed_days_ago) if closed_days_ago else open_window(almanac)


def _window(opens_on: date, closes_on: date) -> Window:
    return Window(
        opens_at=local_instant(opens_on, 9),
        closes_at=local_instant(closes_on, 17),
        sales_from=closes_on - timedelta(days=360),
        start_on=closes_on - timedelta(days=90),
    )


def cover_years(session: Session, today: date, *, actor: Actor, now: datetime) -> None:
    """Let the calendar reach from the year before to the year after today's; what nobody knows yet is provisional."""
    for year in range(today.year - 1, today.year + 2):
        if year not in queries.published_years() and session.get(WorkingYear, year) is None:
            services.add_year(session, year, actor=actor, now=now)
            new_year = date(year, 1, 1)
            services.set_working_day(session, new_year, is_working=False, note="元旦（暂定）", actor=actor, now=now)
