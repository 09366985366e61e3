"""How much time an outage gives back."""

from __future__ import annotations

from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=60)  # what one extension may add


def hours_lost(began_at: datetime, ended_at: datetime) -> int:
    """The length of an outage in hours, each begun hour counted: nobody gets back less than was lost."""
    return max(1, -((began_at - ended_at) // HOUR))


def close_after_outage(closes_at: datetime, began_at: datetime, ended_at: datetime) -> datetime:
    """The close that gives everybody back what an outage took: as many hours after the close, or after the outage
    where that ended later."""
    return max(closes_at, ended_at) + HOUR * hours_lost(began_at, ended_at)


def concerns(opens_at: datetime, closes_at: datetime, began_at: datetime, ended_at: datetime) -> bool:
    """Whether an outage fell into a call's half-open window."""
    return began_at < closes_at and ended_at > opens_at
