"""A second person accepts the undertakings where the organisation has named one."""

import pytest
from sqlalchemy import select

from grants.accounts.states import Level
from grants.applications.queries import current_revision
from grants.applications.services import ask_to_sign, submit_application, undertakings_of
from grants.applications.states import ApplicationState
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.notifications import InboxItem
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_member
from tests.factories.applications import make_application
from tests.factories.calls import NOON


@pytest.fixture
def draft(session):
    return make_application(session, complete=True, now=NOON)


@pytest.fixture
def owner(session, draft):
    return actor_of(session, draft.organisation.memberships[0].person)


def submit(session, draft, *, actor):
    everything = undertakings_of(definition_of(draft.call.definition))
    return submit_application(session, draft, actor=actor, now=NOON, undertakings=everything)


def make_signatory(session, draft):
    return make_member(session, draft.organisation, level=Level.SIGNATORY)


def test_without_a_signatory_the_owner_submits(session, draft, owner):
    with pytest.raises(InvalidError) as refused:
        ask_to_sign(session, draft, actor=owner, now=NOON)
    assert refused.value.code == "no_signatory"

    submit(session, draft, actor=owner)

    assert draft.state is ApplicationState.SUBMITTED


def test_with_one_only_the_signatory_submits_and_is_on_record(session, draft, owner):
    signatory = make_signatory(session, draft)
    with pytest.raises(ForbiddenError) as refused:
        submit(session, draft, actor=owner)
    assert refused.value.code == "signatory_must_submit"
    assert draft.state is ApplicationState.DRAFT

    submit(session, draft, actor=actor_of(session, signatory))

    assert current_revision(session, draft).submitted_by == signatory.id
    assert f'"name":"{signatory.name}"' in current_revision(session, draft).content


def test_the_signatory_is_asked_once_a_day(session, draft, owner):
    signatory = make_signatory(session, draft)

    for _ in range(2):
        asked = ask_to_sign(session, draft, actor=owner, now=NOON)

    assert [person.person_id for person in asked] == [signatory.id]
    told = select(InboxItem.person_id).where(InboxItem.kind == "signature.requested")
    assert session.scalars(told).all() == [signatory.id]


def test_a_signatory_who_can_no_longer_sign_in_does_not_count(session, draft, owner):
    signatory = make_signatory(session, draft)
    signatory.disabled_at = NOON
    session.flush()

    submit(session, draft, actor=owner)

    assert draft.state is ApplicationState.SUBMITTED


def test_a_reader_cannot_ask(session, draft):
    make_signatory(session, draft)
    reader = actor_of(session, make_member(session, draft.organisation, level=Level.READER))

    with pytest.raises(ForbiddenError) as refused:
        ask_to_sign(session, draft, actor=reader, now=NOON)

    assert refused.value.code == "level_cannot_edit"
