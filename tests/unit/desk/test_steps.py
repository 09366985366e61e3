from datetime import UTC, date, datetime, timedelta

import pytest

from grants.applications.states import PAST_TENSE
from grants.applications.states import ApplicationState as S
from grants.desk.domain import DONE_BY, HERE, HistoryEntry, Mark, StepKey, steps_of, urgency

START = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
DAYS = {"formal_check": 5, "scoring": 7}


def history(*kinds):
    return [HistoryEntry(f"application.{kind}", START + timedelta(days=number)) for number, kind in enumerate(kinds)]


def marks(state, *kinds, with_district=False):
    steps = steps_of(state, history(*kinds), days=DAYS, with_district=with_district)
    return {str(step.key): str(step.mark) for step in steps}


def test_every_state_has_its_place():
    placed = set(HERE) | {S.WITHDRAWN, S.EXPIRED, S.DISCARDED, S.PURGED}

    assert placed == set(S)


@pytest.mark.parametrize("state", list(S))
def test_no_more_than_one_step_is_the_present_one(state):
    found = list(marks(state, "submitted", "checked").values())

    assert sum(mark in (Mark.NOW, Mark.WAIT, Mark.STOP) for mark in found) <= 1


def test_what_lies_behind_has_its_date_and_what_comes_its_days():
    steps = {
        step.key: step for step in steps_of(S.CHECKED, history("submitted", "checked"), days=DAYS, with_district=False)
    }

    assert steps[StepKey.CHECK].done_at == START + timedelta(days=1)
    assert (steps[StepKey.FORMAL].mark, steps[StepKey.FORMAL].days) == (Mark.NOW, 5)
    assert (steps[StepKey.REVIEW].mark, steps[StepKey.REVIEW].days) == (Mark.NEXT, 7)


def test_the_district_has_a_step_only_where_the_programme_has_it():
    assert "district" not in marks(S.CHECKED)
    assert marks(S.DISTRICT_REVIEW, "submitted", "checked", with_district=True)["district"] == Mark.NOW


def test_after_a_correction_the_case_is_in_the_check_again():
    found = marks(S.CHECKING, "submitted", "checked", "returned", "submitted")

    assert (found["submit"], found["check"], found["formal"]) == (Mark.DONE, Mark.NOW, Mark.NEXT)


def test_a_withdrawal_ends_at_the_step_it_had_come_to():
    assert marks(S.WITHDRAWN, "submitted", "checked", "withdrawn")["formal"] == Mark.STOP
    assert marks(S.EXPIRED)["submit"] == Mark.STOP


def test_an_awarded_case_has_all_steps_behind_it():
    assert set(marks(S.AWARDED).values()) == {Mark.DONE}


def test_kinds_of_the_log_are_those_that_advancing_writes():
    assert {kind.removeprefix("application.") for kind in DONE_BY} <= set(PAST_TENSE.values())


@pytest.mark.parametrize(("days", "word"), [(-1, "late"), (0, "soon"), (3, "soon"), (4, "")])
def test_how_near_a_last_day_is(days, word):
    assert urgency(date(2026, 3, 18) + timedelta(days=days), date(2026, 3, 18)) == word
