"""Which re-checks wait behind each other, and which go beside new submissions."""

import pytest
from sqlalchemy import select

from grants.applications import services as applications
from grants.eligibility import services
from grants.kernel.actor import Role
from grants.outbox import TOPICS, Lane, Message
from tests.factories.accounts import actor_of, make_organisation, make_staff
from tests.factories.applications import owner_of
from tests.factories.eligibility import make_case_call, make_checked, submit_case
from tests.factories.registers import make_registers


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


def lanes(session):
    asked = select(Message.lane).where(Message.topic == "application.recheck_asked", Message.done_at.is_(None))
    return session.scalars(asked.order_by(Message.id)).all()


def test_what_people_wait_for_is_interactive_and_what_sweeps_ask_for_is_bulk():
    bulk = ("application.asof_reached", "application.recheck_asked", "application.withdrawn", "application.expired")

    assert TOPICS["application.submitted"] is Lane.INTERACTIVE
    assert {TOPICS[topic] for topic in bulk} == {Lane.BULK}


def test_a_withdrawal_has_the_others_checked_again_as_bulk_work(session, drain, now):
    call, organisation = make_case_call(session), make_organisation(session)
    make_registers(session, organisation.uscc)
    first, _ = (submit_case(session, call=call, organisation=organisation) for _ in range(2))
    drain()

    owner = owner_of(session, first)
    applications.withdraw_application(session, first, reason="示例：不再申报", actor=owner, now=now)
    assert services.recheck_claimants(session, first.id, now=now) == 1
    session.flush()

    assert lanes(session) == [Lane.BULK]


def test_an_officer_asks_for_one_beside_new_submissions_and_for_many_behind_them(session, officer, now):
    unread = [make_checked(session, registers=False) for _ in range(2)]

    services.request_recheck(session, unread[0], actor=officer, now=now)
    services.request_recheck(session, unread[1], actor=officer, now=now, lane=Lane.BULK)
    session.flush()

    assert lanes(session) == [Lane.INTERACTIVE, Lane.BULK]
