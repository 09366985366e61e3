"""What comes next in a case: who does it, in which stage, and by when in working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from grants.applications.states import ApplicationState
from grants.desk.deadlines import FORMAL_CHECK_DAYS
from grants.kernel.clock import local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar

S = ApplicationState


class Doer(StrEnum):
    """Who acts; never a person of the office."""

    ENTERPRISE = "enterprise"
    SYSTEM = "system"
    OFFICE = "office"
    DISTRICT = "district"
    EXPERTS = "experts"


@dataclass(frozen=True, slots=True)
class Coming:
    """The next step. ``due_on`` is its last day, the ``days`` th working day of the stage; None where none is laid
    down or the calendar does not reach so far. ``late``: working days since then."""

    doer: Doer
    due_on: date | None = None
    days: int | None = None
    late: int = 0


STAGES: Mapping[ApplicationState, tuple[Doer, str]] = {  # whose working days count while a case is in that state
    S.CHECKED: (Doer.OFFICE, "formal_check"),
    S.ACCEPTED: (Doer.OFFICE, "panel_draw"),
    S.UNDER_REVIEW: (Doer.EXPERTS, "scoring"),
    S.REVIEWED: (Doer.OFFICE, "decision"),
    S.ON_NOTICE: (Doer.OFFICE, "announcement"),
}
WITHOUT_DAYS: Mapping[ApplicationState, Doer] = {
    S.DRAFT: Doer.ENTERPRISE,
    S.RETURNED: Doer.ENTERPRISE,
    S.SUBMITTED: Doer.SYSTEM,
    S.CHECKING: Doer.SYSTEM,
    S.CHECK_FAILED: Doer.OFFICE,
    S.DISTRICT_REVIEW: Doer.DISTRICT,
}
DEFAULT_DAYS: Mapping[str, int] = {"formal_check": FORMAL_CHECK_DAYS}


def coming_of(
    state: ApplicationState,
    *,
    since: datetime,
    not_before: date | None = None,
    days: Mapping[str, int],
    last_day: date | None = None,
    calendar: WorkingCalendar,
    today: date,
) -> Coming | None:
    """The next step of a case in this state; None where nothing comes any more.

    ``since``: when the case came into the state. ``not_before``: the day from which the stage counts, where that is
    later: the close of the call, the last day of a notice. ``days``: working days by stage. ``last_day``: where it is
    laid down already: by a correction, a district's step, the close, or what a worklist counts by.
    """
    if state in WITHOUT_DAYS:
        return _by(WITHOUT_DAYS[state], last_day, None, calendar, today)
    if state not in STAGES:
        return None
    doer, stage = STAGES[state]
    length = days.get(stage, DEFAULT_DAYS.get(stage))
    start = max(local_date(since), not_before or date.min)
    try:
        due_on = last_day or (calendar.add(start, length) if length else None)
    except UnknownWorkingDayError:
        due_on = None
    return _by(doer, due_on, length, calendar, today)


def _by(doer: Doer, due_on: date | None, days: int | None, calendar: WorkingCalendar, today: date) -> Coming:
    if due_on is None:
        return Coming(doer)
    try:
        late = calendar.between(due_on, today) if today > due_on else 0
    except UnknownWorkingDayError:
        late = (today - due_on).days
    return Coming(doer, due_on, days, max(0, late))
