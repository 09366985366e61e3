"""The signal that wakes the relay: after a commit that published, never otherwise, and never in anybody's way."""

import time

import pytest
from sqlalchemy import select

from grants import outbox
from grants.kernel.clock import real_now
from grants.outbox import wake
from workers.relay import seal

PATIENCE_S = 0.05


@pytest.fixture
def bell(app, databases):
    """The relay's end, at an address of this test's own."""
    at = f"\0{databases.run}.{real_now().timestamp()}"
    wake.use_address(at)
    with wake.listening(at) as bell:
        yield bell
    wake.use_address("")


def wakes(bell):
    began = time.perf_counter()
    bell.wait(PATIENCE_S)
    return time.perf_counter() - began < PATIENCE_S


def test_a_commit_that_published_wakes_the_relay(session, bell):
    outbox.publish(session, "mail.requested", {"mail_id": "1"})
    session.flush()
    assert not wakes(bell)

    session.commit()
    assert wakes(bell)
    assert not wakes(bell)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_commit_that_published_many_at_once_does_so_too(session, bell, number):
    outbox.publish_all(session, "mail.requested", [{"mail_id": str(mail)} for mail in range(number)])
    session.commit()

    published = session.scalars(select(outbox.Message).order_by(outbox.Message.id)).all()
    assert [(message.payload["mail_id"], message.lane, message.attempt) for message in published] == [
        (str(mail), "bulk", 1) for mail in range(number)
    ]
    assert wakes(bell) is (number > 0)


def test_a_rollback_and_a_commit_of_something_else_do_not(session, bell):
    outbox.publish(session, "mail.requested", {"mail_id": "1"})
    session.flush()
    session.rollback()
    assert not wakes(bell)

    assert seal() == 0
    session.commit()
    assert not wakes(bell)


def test_signals_that_came_together_count_once(session, bell):
    for number in range(3):
        outbox.publish(session, "mail.requested", {"mail_id": str(number)})
        session.commit()

    assert wakes(bell)
    assert not wakes(bell)


@pytest.mark.single_database
def test_ringing_where_nobody_listens_does_nothing(database_kind):
    wake.ring("\0nobody-is-here")
    wake.ring("")
