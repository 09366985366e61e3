"""The phase of a call at an instant; its stages in days of the Chinese calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from grants.calls.domain import Phase, phase, timetable
from grants.calls.states import CallState
from grants.kernel.working_days import WorkingCalendar
from grants.programmes.domain import parse_definition
from tests.factories.calls import NOON
from tests.factories.programmes import shipped_text


@dataclass
class Window:
    state: CallState = CallState.ANNOUNCED
    opens_at: datetime = NOON
    closes_at: datetime = NOON + timedelta(hours=1)


@pytest.fixture(scope="module")
def definition():
    return parse_definition(shipped_text("sbc"))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(microseconds=-1), Phase.UPCOMING),
        (timedelta(0), Phase.OPEN),
        (timedelta(hours=1, microseconds=-1), Phase.OPEN),
        (timedelta(hours=1), Phase.CLOSED),
    ],
)
def test_the_window_is_half_open(after, expected):
    assert phase(Window(), NOON + after) is expected


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.WITHDRAWN])
def test_only_an_announced_call_opens(state):
    assert phase(Window(state=state), NOON) == state.value


def test_the_time_to_object_to_a_rejection_holds_nothing_up():
    calendar = WorkingCalendar({}, frozenset({2026}))
    stage, before = "  - {key: reconsideration, label: 申请复核, days: 8}\n", "  - {key: credit_check,"
    text = shipped_text("sbc")
    definitions = [parse_definition(text), parse_definition(text.replace(before, stage + before))]

    steps = [timetable(found, {}, closes_on=date(2026, 9, 28), calendar=calendar) for found in definitions]

    assert definitions[1].stage("reconsideration").days == 8
    assert steps[0] == steps[1]


def test_stages_follow_one_another_in_working_days(definition):
    holidays = {date(2026, 10, day): False for day in range(1, 8)}
    calendar = WorkingCalendar({**holidays, date(2026, 10, 10): True}, frozenset({2026}))

    steps = timetable(definition, {"formal_check": 5}, closes_on=date(2026, 9, 28), calendar=calendar)

    check = steps[0]
    assert (check.key, check.first_on, check.last_on, check.days) == (
        "formal_check",
        date(2026, 9, 29),
        date(2026, 10, 10),
        5,
    )
    assert steps[1].first_on == date(2026, 10, 12)
    assert not any(step.key in ("filling", "defence", "agreement") for step in steps)


def test_beyond_the_calendar_nothing_is_guessed(definition):
    calendar = WorkingCalendar({}, frozenset({2026}))

    steps = timetable(definition, {}, closes_on=date(2026, 12, 22), calendar=calendar)

    assert steps[0].last_on == date(2026, 12, 29)
    assert all(step.first_on is None and step.last_on is None for step in steps[1:])


def test_a_provisional_year_is_marked(definition):
    calendar = WorkingCalendar({}, frozenset({2026, 2027}))

    steps = timetable(definition, {}, closes_on=date(2026, 12, 22), calendar=calendar, provisional_years={2027})

    assert [step.provisional for step in steps][:2] == [False, True]
