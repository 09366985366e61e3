"""The times that bind an application."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from grants.kernel.clock import local_instant


def effective_close(
    closes_at: datetime, grace_minutes: int, begun_at: datetime | None, extended_to: datetime | None = None
) -> datetime:
    """The instant from which this application is refused; half-open.

    ``extended_to``: a close that was granted to this organisation alone. The grace counts only where the server
    recorded the submission as begun before the close (decision 13).
    """
    close = own_close(closes_at, extended_to)
    begun_in_time = begun_at is not None and begun_at < close
    return close + timedelta(minutes=grace_minutes) if begun_in_time else close


def own_close(closes_at: datetime, extended_to: datetime | None) -> datetime:
    """The close without grace: the call's, or a later one of the organisation's own."""
    return max(closes_at, extended_to) if extended_to is not None else closes_at


def correction_close(due_on: date) -> datetime:
    """The end of the last day for a correction, in Shanghai; half-open."""
    return local_instant(due_on + timedelta(days=1))
