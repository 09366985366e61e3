"""By when the present step of a case has to be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.eligibility.services import district_due_on
from grants.kernel.clock import local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar

FORMAL_CHECK_DAYS = 5  # working days, unless the call says otherwise (domain.md, 4.1)
S = ApplicationState


class HasState(Protocol):
    """An application, or a row of a list about one."""

    @property
    def state(self) -> ApplicationState: ...
    @property
    def state_since(self) -> datetime: ...


def due_on(
    case: HasState, call: Call, calendar: WorkingCalendar, *, correction_due_on: date | None = None
) -> date | None:
    """The last day of the present step; None where none is laid down, or the calendar does not reach so far."""
    try:
        match case.state:
            case S.DRAFT:
                return local_date(call.closes_at)
            case S.CHECKED:
                days = call.stage_days.get("formal_check", FORMAL_CHECK_DAYS)
                return calendar.add(local_date(case.state_since), days)
            case S.DISTRICT_REVIEW:
                return district_due_on(call, case.state_since, calendar)
            case S.RETURNED:
                return correction_due_on
    except UnknownWorkingDayError:
        pass
    return None
