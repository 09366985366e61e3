"""The times that bind an application."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from grants.kernel.clock import local_instant


def effective_close(closes_at: datetime, grace_minutes: int, begun_at: datetime | None) -> datetime:
    """The instant from which this application is refused; half-open.

    The grace counts only where the server recorded the submission as begun before the close (decision 13).
    """
    begun_in_time = begun_at is not None and begun_at < closes_at
    return closes_at + timedelta(minutes=grace_minutes) if begun_in_time else closes_at


def correction_close(due_on: date) -> datetime:
    """The end of the last day for a correction, in Shanghai; half-open."""
    return local_instant(due_on + timedelta(days=1))
