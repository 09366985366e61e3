"""Days of a notice by the Chinese calendar, both end days counted."""

from __future__ import annotations

from datetime import date

import pytest

from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.publication.domain import notice_period

HOLIDAYS = dict.fromkeys([date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)], False)
WORKING_WEEKENDS = {date(2026, 2, 14): True, date(2026, 2, 28): True}
CALENDAR = WorkingCalendar({**HOLIDAYS, **WORKING_WEEKENDS}, frozenset({2026}))


@pytest.mark.parametrize(
    ("today", "starts_on", "ends_on"),
    [
        (date(2026, 3, 18), date(2026, 3, 18), date(2026, 3, 24)),  # Wednesday to Tuesday
        (date(2026, 3, 21), date(2026, 3, 23), date(2026, 3, 27)),  # a Saturday
        (date(2026, 2, 13), date(2026, 2, 13), date(2026, 2, 26)),  # a working Saturday, then a long holiday
        (date(2026, 2, 15), date(2026, 2, 24), date(2026, 2, 28)),  # ends on a working Saturday
    ],
)
def test_five_working_days(today: date, starts_on: date, ends_on: date) -> None:
    period = notice_period(CALENDAR, today, 5)

    assert (period.starts_on, period.ends_on) == (starts_on, ends_on)


def test_both_end_days_are_open_for_objections() -> None:
    period = notice_period(CALENDAR, date(2026, 3, 18), 5)

    assert [period.holds(date(2026, 3, day)) for day in (17, 18, 24, 25)] == [False, True, True, False]


def test_a_year_that_nobody_entered_is_not_guessed() -> None:
    with pytest.raises(UnknownWorkingDayError):
        notice_period(CALENDAR, date(2026, 12, 30), 5)
