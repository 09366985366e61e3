"""From publish to done, with the relay's own code and a sender of the test."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import audit, outbox
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.outbox import Lane, Message
from workers import relay

ROUTES = {"mail.requested": "test.deliver"}


@pytest.fixture
def sent():
    return []


def relay_all(sent, *, lane=Lane.INTERACTIVE, routes=ROUTES, window=100):
    return relay.relay_once(
        send=lambda task, lane, arguments: sent.append((task, lane, arguments)),
        now=real_now(),
        lane=lane,
        window=window,
        routes=routes,
    )


def publish(session, number, **options):
    message = outbox.publish(
        session, "mail.requested", {"mail_id": str(number)}, **{"lane": Lane.INTERACTIVE, **options}
    )
    session.commit()
    return message


def test_messages_are_sent_oldest_first_and_once(session, sent):
    for number in (1, 2, 3):
        publish(session, number)

    assert relay_all(sent) == 3
    assert relay_all(sent) == 0
    assert [arguments["mail_id"] for _, _, arguments in sent] == ["1", "2", "3"]
    assert {(task, lane, arguments["attempt"]) for task, lane, arguments in sent} == {
        ("test.deliver", "interactive", 1)
    }


def test_a_message_for_later_stays(session, sent):
    publish(session, 1, due_at=real_now() + timedelta(minutes=1))

    assert relay_all(sent) == 0


def test_a_broker_that_refuses_leaves_the_messages_waiting(session):
    for number in (1, 2):
        publish(session, number)

    def refuse_second(task, lane, arguments):
        if arguments["mail_id"] == "2":
            raise ConnectionError("broker is down")

    with pytest.raises(ConnectionError):
        relay.relay_once(send=refuse_second, now=real_now(), lane=Lane.INTERACTIVE, routes=ROUTES)

    states = {message.payload["mail_id"]: message.sent_at is not None for message in session.scalars(select(Message))}
    assert states == {"1": True, "2": False}
    assert outbox.has_due(session, now=real_now(), lane=Lane.INTERACTIVE)


def test_lanes_do_not_hold_each_other_up(session, sent):
    for number in range(3):
        publish(session, number, lane=Lane.BULK)
    publish(session, 9)

    assert relay_all(sent, lane=Lane.BULK, window=2) == 2
    assert relay_all(sent, lane=Lane.BULK, window=2) == 0
    assert relay_all(sent, lane=Lane.INTERACTIVE) == 1


def test_what_was_sent_and_not_done_is_sent_again(session, sent):
    publish(session, 1)
    relay_all(sent)
    later = real_now() + timedelta(minutes=2)

    assert relay.sweep(later, after=timedelta(minutes=5)) == 0
    assert relay.sweep(later, after=timedelta(minutes=1)) == 1
    assert relay_all(sent) == 1
    assert [arguments["attempt"] for _, _, arguments in sent] == [1, 1]


def test_what_is_done_is_never_sent_again(session, sent):
    message = publish(session, 1)
    relay_all(sent)
    outbox.mark_done(session, message.id, at=real_now())
    session.commit()

    assert relay.sweep(real_now() + timedelta(hours=1), after=timedelta(minutes=1)) == 0
    assert relay_all(sent) == 0


def test_a_retry_that_was_planned_before_the_relay_noted_the_sending_is_kept(session, sent):
    message_id = publish(session, 1).id

    def fail_at_once(task, lane, arguments):
        outbox.retry_later(session, message_id, due_at=real_now(), error="refused")
        session.commit()

    relay.relay_once(send=fail_at_once, now=real_now(), lane=Lane.INTERACTIVE, routes=ROUTES)

    assert relay_all(sent) == 1
    assert sent[0][2]["attempt"] == 2


def test_a_topic_without_a_task_waits_and_says_why(session, sent):
    message_id = publish(session, 1).id

    assert relay_all(sent, routes={}) == 0
    session.expire_all()
    message = session.get(Message, message_id)
    assert (message.error, message.attempt) == ("no task for this topic", 2)
    assert message.due_at > real_now()


def test_sealing_in_the_relay_leaves_nothing_unsealed(session, now):
    audit.record(session, SYSTEM, "clock.moved", ("clock", "demo"), at=now)
    session.commit()

    assert relay.seal() == 1
    assert relay.seal() == 0
    assert audit.verify(session).broken_at is None


def test_a_backlog_is_sealed_in_one_go(session):
    for number in range(7):
        audit.record(session, SYSTEM, "test.recorded", ("person", str(number)), at=real_now())
    session.commit()

    assert relay.seal(limit=2) == 7
    assert relay.seal(limit=2) == 0
