"""By when the present step of an application has to be done, in working days of its stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from grants.applications.states import ApplicationState
from grants.kernel.clock import local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar

S = ApplicationState
NO_LAST_DAY = date(9999, 12, 31)  # sorts behind every day that is laid down
STAGE_OF: Mapping[ApplicationState, str] = {  # the stage whose working days count while the office has the case
    S.CHECKED: "formal_check",
    S.DISTRICT_REVIEW: "district_review",
    S.ACCEPTED: "panel_draw",
    S.UNDER_REVIEW: "scoring",
    S.REVIEWED: "decision",
}
AFTER_CLOSE = frozenset({S.DISTRICT_REVIEW, S.ACCEPTED})  # compares the cases of a call: counts from its close
DEFAULT_DAYS: Mapping[str, int] = {"formal_check": 5, "district_review": 9}  # domain.md, 4.1


def step_due_on(
    state: ApplicationState, since: datetime, *, closes_at: datetime, days: Mapping[str, int], calendar: WorkingCalendar
) -> date:
    """The last day of the step that an application is in, in Shanghai.

    The working days of the stage, counted from the day the application came into ``state``, or from the close of the
    call where that is later and the step waits for it. ``days``: working days by stage key. NO_LAST_DAY where none is
    laid down, or the calendar does not reach so far: nothing is guessed.
    """
    stage = STAGE_OF.get(state)
    length = days.get(stage, DEFAULT_DAYS.get(stage)) if stage is not None else None
    if length is None:
        return NO_LAST_DAY
    start = local_date(since)
    if state in AFTER_CLOSE:
        start = max(start, local_date(closes_at))
    try:
        return calendar.add(start, length)
    except UnknownWorkingDayError:
        return NO_LAST_DAY
