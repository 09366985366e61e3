"""A message that costs processes, late deliveries, dead letters sent again, lanes told apart."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import outbox
from grants.kernel.clock import real_now
from grants.outbox import Lane, LaneStatus, Message, Start
from grants.outbox.dead import FEW
from tests.support import practice
from tests.support.outbox import drain_outbox
from workers import relay


@pytest.fixture
def publish(session, tmp_path):
    def publish(text="a", what="", **options):
        payload = {"text": text, "folder": str(tmp_path), "what": what}
        message = outbox.publish(session, practice.TOPIC, payload, **options)
        session.commit()
        return message.id

    return publish


def deliver(session, message_id, tmp_path, attempt=1, text="a", what=""):
    practice.note(message_id=str(message_id), attempt=attempt, text=text, folder=str(tmp_path), what=what)
    session.expire_all()
    return session.get(Message, message_id)


def lose(session, message_id):
    """What a process leaves behind that was killed at work."""
    assert (
        outbox.begin(session, message_id, attempt=session.get(Message, message_id).attempt, at=real_now()) is Start.FREE
    )
    session.commit()


def test_the_third_lost_process_is_the_last_and_the_last_attempt_is_bulk_work(session, publish, tmp_path):
    message_id = publish()
    lanes = []
    for attempt in (1, 2, 3):
        lose(session, message_id)
        message = deliver(session, message_id, tmp_path, attempt)
        lanes.append(message.lane)

    assert lanes == [Lane.INTERACTIVE, Lane.BULK, Lane.BULK]
    assert message.dead_at is not None
    assert message.error.startswith("WorkerLostError")
    assert practice.effects(session, "a") == ["practice.given_up"]
    assert not (tmp_path / "runs").exists(), "it was never begun twice in one attempt"


def test_a_late_delivery_of_an_attempt_that_is_over_does_nothing(session, publish, tmp_path):
    message_id = publish()
    outbox.retry_later(session, message_id, due_at=real_now() + timedelta(hours=1), error="failed before")
    session.commit()

    message = deliver(session, message_id, tmp_path, attempt=1)

    assert (message.attempt, message.begun_at, message.done_at) == (2, None, None)
    assert practice.effects(session, "a") == []


def test_of_two_deliveries_the_second_does_not_count_another_attempt_when_the_first_failed(session, publish):
    message_id = publish()
    for _ in range(2):
        outbox.retry_later(session, message_id, due_at=real_now(), error="failed", attempt=1)
    session.commit()

    assert session.get(Message, message_id).attempt == 2


def test_time_and_memory_used_up_cost_like_a_process(session, publish, monkeypatch):
    message_id = publish(what="starve")
    monkeypatch.setattr(practice, "go_wrong", raise_memory_error)

    for _ in range(3):
        drain_outbox()
        session.get(Message, message_id).due_at = real_now()
        session.commit()

    message = session.get(Message, message_id)
    assert (message.attempt, message.losses) == (3, 2)
    assert message.error.startswith("MemoryError")
    assert message.dead_at is not None


def raise_memory_error(what, *, first):
    raise MemoryError


def test_few_dead_letters_come_back_where_they_were_and_many_as_bulk_work(session, publish):
    ids = [publish(text=f"t{number}") for number in range(FEW + 1)]
    for message_id in ids[:2]:
        outbox.bury(session, message_id, at=real_now(), error="failed")
    assert outbox.revive_all(session, practice.TOPIC, at=real_now()) == 2
    lanes = select(Message.lane).distinct()
    assert session.scalars(lanes).all() == [Lane.INTERACTIVE]

    for message_id in ids:
        outbox.bury(session, message_id, at=real_now(), error="failed")
    assert [(kind.topic, kind.count) for kind in outbox.list_dead_kinds(session)] == [(practice.TOPIC, len(ids))]
    assert outbox.revive_all(session, practice.TOPIC, at=real_now()) == len(ids)

    session.expire_all()
    assert session.scalars(lanes).all() == [Lane.BULK]
    assert {(message.attempt, message.losses) for message in session.scalars(select(Message))} == {(1, 0)}


def test_starting_anew_closes_the_dead_letter_of_the_same_content_only(session):
    for revision_id in ("r1", "r2"):
        message = outbox.publish(session, "application.submitted", {"revision_id": revision_id})
        session.flush()
        outbox.bury(session, message.id, at=real_now(), error="failed")

    outbox.publish_anew(session, "application.submitted", {"revision_id": "r1"})
    session.flush()

    session.expire_all()
    dead = select(Message).where(Message.dead_at.is_not(None))
    assert [message.payload["revision_id"] for message in session.scalars(dead)] == ["r2"]
    assert outbox.status(session, now=real_now()).waiting == 1


def test_lanes_tell_where_their_messages_are(session, publish):
    now = real_now()
    old = publish(text="old", due_at=now - timedelta(seconds=30))
    begun = publish(text="begun", due_at=now - timedelta(seconds=50))
    publish(text="later", due_at=now + timedelta(minutes=5))
    publish(text="bulk", lane=Lane.BULK, due_at=now)
    buried = publish(text="dead", due_at=now - timedelta(hours=1))
    outbox.begin(session, begun, attempt=1, at=now)
    session.get(Message, begun).sent_at = now
    outbox.bury(session, buried, at=now, error="failed")
    session.flush()

    lanes = outbox.lane_status(session, now=now)

    assert lanes[Lane.INTERACTIVE] == LaneStatus(
        waiting=1, planned=1, queued=0, running=1, dead=1, unsent_seconds=30.0, lag_seconds=50.0
    )
    assert lanes[Lane.BULK] == LaneStatus(waiting=1)
    assert session.get(Message, old).sent_at is None


def test_ten_thousand_of_one_kind_do_not_hold_up_what_came_after_them(session):
    for number in range(60):
        outbox.publish(session, "mail.requested", {"mail_id": str(number)}, lane=Lane.INTERACTIVE)
    outbox.publish(session, "application.submitted", {"revision_id": "1"})
    session.commit()
    sent = []

    relay.relay_once(
        send=lambda task, lane, arguments: sent.append(task), now=real_now(), lane=Lane.INTERACTIVE, window=40
    )

    assert len(sent) == 40
    assert sent.count("eligibility.check_revision") == 1
