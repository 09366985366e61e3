"""The clock is a port: edges read it, everybody else is told the time.

Real time plus an offset. The offset is zero in production; in demonstration and test mode it is read from the
database by the edge (decision 14) and set for the running context, so that one person can see a call close and a
notice end.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta(0))


def utc_now() -> datetime:
    """This instant, aware, in UTC, moved by the demonstration offset."""
    return real_now() + _offset.get()


def real_now() -> datetime:
    """The machine's own instant, whatever the demonstration clock says: for leases, sessions and rate limits."""
    return datetime.now(UTC)


def set_offset(offset: timedelta) -> None:
    """Move the clock of this context; called by the edge at the start of a request or task."""
    _offset.set(offset)


def local_date(instant: datetime) -> date:
    """The calendar day in Shanghai on which ``instant`` falls."""
    return instant.astimezone(SHANGHAI).date()


def local_instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant of a wall-clock time in Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)
