"""Last days of steps: working days from the day a case came, or from the close for what waits for it."""

from datetime import date, datetime, timedelta

import pytest

from grants.applications.domain.steps import NO_LAST_DAY, STAGE_OF, step_due_on
from grants.applications.states import ApplicationState as S
from grants.kernel.clock import SHANGHAI
from grants.kernel.working_days import WorkingCalendar

CALENDAR = WorkingCalendar({date(2026, 3, 23): False}, frozenset({2026}))  # a holiday on a Monday
WEDNESDAY = datetime(2026, 3, 18, 23, 30, tzinfo=SHANGHAI)


def due(state, since=WEDNESDAY, closes_at=WEDNESDAY - timedelta(days=1), **days):
    return step_due_on(state, since, closes_at=closes_at, days=days, calendar=CALENDAR)


def test_the_formal_check_takes_five_working_days_unless_the_call_says_otherwise():
    assert due(S.CHECKED) == date(2026, 3, 26)
    assert due(S.CHECKED, formal_check=2) == date(2026, 3, 20)
    assert due(S.CHECKED, formal_check=0) == date(2026, 3, 18)


@pytest.mark.parametrize(("state", "stage"), [(S.DISTRICT_REVIEW, "district_review"), (S.ACCEPTED, "panel_draw")])
def test_what_compares_the_cases_of_a_call_counts_from_its_close(state, stage):
    close = WEDNESDAY + timedelta(days=7)

    assert due(state, **{stage: 1}) == date(2026, 3, 19)
    assert due(state, closes_at=close, **{stage: 1}) == date(2026, 3, 26)


@pytest.mark.parametrize("state", [state for state in S if state not in STAGE_OF])
def test_states_that_are_not_the_offices_have_no_last_day(state):
    assert due(state, formal_check=5) == NO_LAST_DAY


def test_a_step_without_days_has_none_and_nothing_is_guessed_beyond_the_calendar():
    assert due(S.UNDER_REVIEW) == NO_LAST_DAY
    assert due(S.CHECKED, since=datetime(2026, 12, 30, tzinfo=SHANGHAI)) == NO_LAST_DAY
