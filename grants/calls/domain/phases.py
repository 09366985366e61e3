"""Where a call stands at an instant. Half-open: it is open while ``opens_at <= now < closes_at`` (decision 13)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from grants.calls.states import CallState


class Phase(StrEnum):
    """A stored state where there is one to tell, else what the clock says of an announced call."""

    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class Timed(Protocol):
    """What has a window."""

    @property
    def state(self) -> CallState: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...


def phase(call: Timed, now: datetime) -> Phase:
    """The phase of ``call`` at ``now``."""
    if call.state is not CallState.ANNOUNCED:
        return Phase(call.state)
    if now < call.opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if now < call.closes_at else Phase.CLOSED
