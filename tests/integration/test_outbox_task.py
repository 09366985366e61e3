"""What a task leaves behind when it works, fails for now, fails for good, or is delivered twice."""

import pytest
from sqlalchemy import select

from grants import outbox
from grants.kernel.clock import real_now
from grants.outbox import Message
from tests.support import practice
from tests.support.outbox import drain_outbox


@pytest.fixture
def publish(session, tmp_path):
    def publish(what=""):
        outbox.publish(session, practice.TOPIC, {"text": "a", "folder": str(tmp_path), "what": what})
        session.commit()

    return publish


def the_message(session):
    return session.scalars(select(Message)).one()


def make_due(session):
    the_message(session).due_at = real_now()
    session.commit()


def test_a_message_is_done_with_its_effect(session, publish):
    publish()

    assert drain_outbox() == 1
    assert practice.effects(session, "a") == ["practice.noted"]
    assert the_message(session).done_at is not None


def test_a_second_delivery_changes_nothing(session, publish, tmp_path):
    publish()
    drain_outbox()
    done_at = the_message(session).done_at

    practice.note(message_id=str(the_message(session).id), text="a", folder=str(tmp_path))

    session.expire_all()
    assert practice.effects(session, "a") == ["practice.noted"]
    assert the_message(session).done_at == done_at
    assert (tmp_path / "runs").read_text() == "a\n"


def test_a_failure_that_may_pass_is_tried_again_later(session, publish):
    publish("fail_once")
    drain_outbox()

    message = the_message(session)
    assert (message.attempt, message.sent_at, message.dead_at) == (2, None, None)
    assert message.error == "ConnectionError: this may pass"
    assert practice.effects(session, "a") == []

    make_due(session)
    drain_outbox()
    assert practice.effects(session, "a") == ["practice.noted"]
    assert the_message(session).done_at is not None


def test_the_last_failure_moves_the_case_and_buries_the_message(session, publish, tmp_path):
    publish("fail")
    for _ in range(5):
        drain_outbox()
        make_due(session)

    message = the_message(session)
    assert (message.attempt, message.done_at) == (3, None)
    assert message.dead_at is not None
    assert practice.effects(session, "a") == ["practice.given_up"]
    assert (tmp_path / "runs").read_text().count("a") == 3


def test_an_error_that_cannot_pass_is_given_up_at_once(session, publish):
    publish("refuse")
    drain_outbox()

    assert the_message(session).attempt == 1
    assert the_message(session).dead_at is not None
    assert practice.effects(session, "a") == ["practice.given_up"]
