"""The close, the grace after it, and what is said of both."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from grants.accounts.states import Level
from grants.applications.models import Application
from grants.applications.policies import came_in_grace, is_in_grace
from grants.applications.services import begin_submission, expire_overdue, submit_application, undertakings_of
from grants.applications.states import ApplicationState
from grants.kernel.errors import ForbiddenError
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_membership
from tests.factories.applications import make_application
from tests.factories.calls import NOON, make_call

MINUTE = timedelta(minutes=1)


@pytest.fixture
def draft(session):
    return make_application(session, call=make_call(session, grace_minutes=10), complete=True, now=NOON)


def submit(session, draft, at):
    owner = actor_of(session, draft.organisation.memberships[0].person)
    everything = undertakings_of(definition_of(draft.call.definition))
    return submit_application(session, draft, actor=owner, now=at, undertakings=everything)


def begin(session, draft, at):
    begin_submission(session, draft, actor=actor_of(session, draft.organisation.memberships[0].person), now=at)


def test_begun_in_time_it_is_honoured_within_the_grace_and_says_so(session, draft):
    close = draft.call.closes_at
    begin(session, draft, close - MINUTE)
    assert not is_in_grace(draft, now=close - MINUTE)
    assert is_in_grace(draft, now=close)

    submit(session, draft, close + 9 * MINUTE)

    assert came_in_grace(draft)


@pytest.mark.parametrize("level", [Level.EDITOR, Level.SIGNATORY])
def test_whoever_fills_in_or_signs_may_begin(session, draft, level):
    colleague = make_membership(session, organisation=draft.organisation, level=level).person

    begin_submission(session, draft, actor=actor_of(session, colleague), now=NOON)

    assert draft.submission_begun_at == NOON


def test_a_reader_cannot_gain_the_unit_time(session, draft):
    reader = make_membership(session, organisation=draft.organisation, level=Level.READER).person

    with pytest.raises(ForbiddenError) as refused:
        begin_submission(session, draft, actor=actor_of(session, reader), now=NOON)

    assert refused.value.code == "level_cannot_submit"
    assert draft.submission_begun_at is None


def test_the_grace_ends_to_the_second(session, draft):
    close = draft.call.closes_at
    begin(session, draft, close - MINUTE)

    with pytest.raises(ForbiddenError) as refused:
        submit(session, draft, close + 10 * MINUTE)

    assert refused.value.code == "submission_late"
    assert not is_in_grace(draft, now=close + 10 * MINUTE)


def test_what_had_not_begun_in_time_gets_no_grace(session, draft):
    close = draft.call.closes_at
    begin(session, draft, close)

    with pytest.raises(ForbiddenError) as refused:
        submit(session, draft, close + MINUTE)

    assert (refused.value.code, set(refused.value.facts)) == ("submission_late", {"closed_at", "arrived_at"})


def test_in_time_nothing_is_said_of_grace(session, draft):
    submit(session, draft, draft.call.closes_at - MINUTE)

    assert not came_in_grace(draft)


def test_a_sweep_does_not_end_what_was_begun_since_it_looked(session, draft):
    close = draft.call.closes_at
    session.commit()  # what this transaction has locked, nobody else could change
    begun = update(Application).where(Application.id == draft.id).values(submission_begun_at=close - MINUTE)
    session.execute(begun.execution_options(synchronize_session=False))  # by somebody else, unseen here

    assert expire_overdue(session, now=close + MINUTE) == 0
    assert draft.state is ApplicationState.DRAFT
    assert expire_overdue(session, now=close + 10 * MINUTE) == 1
