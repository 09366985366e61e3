"""How a call reads: days left, the chart of the timetable."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from grants.calls.domain import TimetableStep
from grants.calls.presenters import days_left, gantt_rows, today_position
from grants.kernel.clock import local_instant
from grants.kernel.working_days import WorkingCalendar

CALENDAR = WorkingCalendar({date(2026, 5, 1): False}, frozenset({2026}))


@dataclass
class Closing:
    closes_at: datetime


@pytest.mark.parametrize(
    ("now", "days", "working_days", "kind"),
    [
        (local_instant(date(2026, 4, 20), 9), 14, 9, ""),
        (local_instant(date(2026, 4, 27), 9), 7, 4, "soon"),
        (local_instant(date(2026, 5, 4), 9), 0, 0, "soon"),
        (local_instant(date(2026, 5, 6), 9), 0, 0, "soon"),
    ],
)
def test_days_left_are_counted_in_shanghai(now, days, working_days, kind):
    left = days_left(Closing(local_instant(date(2026, 5, 4), 17)), CALENDAR, now=now)

    assert (left.days, left.working_days, left.kind) == (days, working_days, kind)


def test_beyond_the_calendar_only_days_are_told():
    left = days_left(Closing(local_instant(date(2027, 1, 4), 17)), CALENDAR, now=local_instant(date(2026, 12, 28), 9))

    assert (left.days, left.working_days) == (7, None)


def step(key, first, last, **changes):
    return TimetableStep(key, key, first, last, 5, **changes)


def test_the_chart_begins_with_the_first_month_and_marks_the_new_year():
    steps = (
        step("filling", date(2026, 11, 16), date(2026, 12, 31)),
        step("notice", date(2027, 1, 4), date(2027, 1, 10), provisional=True),
        step("announcement", None, None),
    )

    bars, months = gantt_rows(steps)

    assert [label for label, _at in months] == ["2026年11月", "12月", "2027年1月"]
    assert months[0][1] == 0
    assert [bar["kind"] for bar in bars] == ["pri", "law"]
    assert bars[-1]["end"] == 100
    assert bars[-1]["days"] == "5（暂定）"
    assert bars[0]["from"] == "2026年11月16日"
    assert today_position(steps, local_instant(date(2026, 11, 16), 9)) == bars[0]["start"]
    assert today_position(steps, local_instant(date(2027, 2, 1), 9)) is None


def test_without_dates_there_is_no_chart():
    assert gantt_rows((step("notice", None, None),)) == ([], [])
