"""Checks after the first one that workers could not finish: who sees it, and how they are started anew."""

import pytest
from sqlalchemy import select

from grants import outbox
from grants.accounts.models import Person
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.kernel.errors import ForbiddenError
from grants.outbox import Lane, Message
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.eligibility import make_checked, set_state

WORDS = {
    "application.passed_district": "区级初审意见后的核验没有完成",
    "application.asof_reached": "截止日后的复核没有完成",
    "application.recheck_asked": "重新核验没有完成",
}


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


@pytest.fixture
def application(session):
    found = make_checked(session, code="hlw")
    set_state(session, found, S.CHECKED)
    session.query(Message).delete()
    return found


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


def give_up(session, application, topic):
    revision = current_revision(session, application)
    message = outbox.publish(session, topic, {"revision_id": str(revision.id)})
    session.flush()
    outbox.bury(session, message.id, at=real_now(), error="RuntimeError: 示例故障")
    session.flush()
    session.expire(message)
    return message


def open_messages(session):
    query = select(Message.topic, Message.lane).where(Message.dead_at.is_(None), Message.done_at.is_(None))
    return session.execute(query.order_by(Message.topic)).all()


@pytest.mark.parametrize("topic", WORDS)
def test_officer_and_enterprise_read_which_check_was_given_up(session, client, application, topic):
    owner = session.get_one(Person, application.created_by)
    sign_in(client, owner)
    assert "没有完成" not in client.get(f"/apply/{application.id}/").text

    give_up(session, application, topic)
    session.commit()

    told = client.get(f"/apply/{application.id}/").text
    assert WORDS[topic] in told
    assert "不需要重新提交" in told
    assert "示例故障" not in told
    sign_in(client, make_staff(session, Role.OFFICER))
    page = client.get(f"/staff/cases/{application.ref}").text
    assert WORDS[topic] in page
    assert f"/staff/cases/{application.ref}/recheck" in page


def test_the_officer_starts_anew_what_was_given_up_and_nothing_else(session, application, officer, now):
    dead = [
        give_up(session, application, topic) for topic in ("application.passed_district", "application.asof_reached")
    ]

    services.request_recheck(session, application, actor=officer, now=now)
    session.flush()

    assert open_messages(session) == [
        ("application.asof_reached", Lane.INTERACTIVE),
        ("application.passed_district", Lane.INTERACTIVE),
    ]
    session.expire_all()
    assert all(message.dead_at is None and message.done_at is not None for message in dead)
    assert queries.standing_of(session, application, now=now).given_up == ()
    with pytest.raises(ForbiddenError):
        services.request_recheck(session, application, actor=officer, now=now)


def test_an_accepted_case_can_be_checked_again_after_its_reading_was_given_up(session, application, officer, now):
    set_state(session, application, S.ACCEPTED)
    with pytest.raises(ForbiddenError):
        services.request_recheck(session, application, actor=officer, now=now)

    give_up(session, application, "application.asof_reached")
    services.request_recheck(session, application, actor=officer, now=now)
    session.flush()

    assert [topic for topic, _lane in open_messages(session)] == ["application.asof_reached"]


def test_another_cases_dead_letters_say_nothing_of_this_one(session, application, now):
    other = make_checked(session, code="hlw")
    give_up(session, other, "application.asof_reached")

    assert queries.standing_of(session, application, now=now).given_up == ()
