"""Who acts next in a case, and by when."""

from datetime import UTC, date, datetime

import pytest

from grants.applications.states import ApplicationState as S
from grants.desk.coming import Coming, Doer, coming_of
from grants.kernel.working_days import WorkingCalendar

MONDAY = datetime(2026, 3, 16, 4, tzinfo=UTC)
CALENDAR = WorkingCalendar(years=frozenset({2026}), exceptions={})
DAYS = {"formal_check": 5, "panel_draw": 2, "scoring": 7, "decision": 5, "announcement": 5}


def coming(state, *, today=date(2026, 3, 17), **given):
    return coming_of(state, since=MONDAY, days=given.pop("days", DAYS), calendar=CALENDAR, today=today, **given)


@pytest.mark.parametrize("state", [S.AWARDED, S.REJECTED, S.NOT_FUNDED, S.WITHDRAWN, S.EXPIRED, S.DISCARDED, S.PURGED])
def test_nothing_comes_after_the_end(state):
    assert coming(state) is None


@pytest.mark.parametrize("state", [state for state in S if state not in (S.PROPOSED,)])
def test_every_state_that_goes_on_has_somebody_who_acts(state):
    ended = {S.AWARDED, S.REJECTED, S.NOT_FUNDED, S.WITHDRAWN, S.EXPIRED, S.DISCARDED, S.PURGED}

    assert (coming(state) is None) == (state in ended)


def test_the_formal_check_counts_working_days_from_its_state():
    assert coming(S.CHECKED) == Coming(Doer.OFFICE, date(2026, 3, 23), 5)


def test_the_draw_counts_from_the_close_of_the_call():
    assert coming(S.ACCEPTED, not_before=date(2026, 4, 30)) == Coming(Doer.OFFICE, date(2026, 5, 4), 2)


def test_a_late_step_says_by_how_many_working_days():
    assert coming(S.CHECKED, today=date(2026, 3, 30)).late == 5
    assert coming(S.CHECKED, today=date(2026, 3, 23)).late == 0


def test_a_stage_without_days_has_no_last_day():
    assert coming(S.UNDER_REVIEW, days={}) == Coming(Doer.EXPERTS)


def test_a_last_day_beyond_the_known_calendar_is_not_guessed():
    found = coming_of(
        S.CHECKED,
        since=datetime(2026, 12, 30, 4, tzinfo=UTC),
        days=DAYS,
        calendar=CALENDAR,
        today=date(2026, 12, 31),
    )

    assert found == Coming(Doer.OFFICE)


def test_a_last_day_that_is_laid_down_otherwise_is_taken():
    assert coming(S.CHECKED, last_day=date(2026, 3, 20)) == Coming(Doer.OFFICE, date(2026, 3, 20), 5)
    assert coming(S.RETURNED, last_day=date(2026, 3, 20)) == Coming(Doer.ENTERPRISE, date(2026, 3, 20))
