"""What workers can be trusted with: poison, a stop in the middle, connections that break, bulk work beside people's."""

import os
import signal

from sqlalchemy import select

from grants.db import reading, writing
from grants.outbox import Lane, Message, publish
from tests.support import practice

BULK = 60
POISON = {"kill_process": "WorkerLostError", "eat": "MemoryError"}
PATIENCE_S = 90


def done_in_order(installation):
    with installation.app.app_context(), reading() as session:
        return practice.work_orders(session)


def row_of(installation, text):
    with installation.app.app_context(), reading() as session:
        columns = (Message.error, Message.lane, Message.losses, Message.done_at, Message.dead_at)
        return session.execute(select(*columns).where(Message.payload["text"].as_string() == text)).one()


def publish_bulk(installation, texts, what):
    with installation.app.app_context(), writing() as session:
        for text in texts:
            payload = {"text": text, "folder": str(installation.folder), "what": what}
            publish(session, practice.TOPIC, payload, lane=Lane.BULK)


def test_poison_of_every_kind_holds_nobody_up(installation):
    for what in POISON:
        installation.publish(f"poison-{what}", what)
    for number in range(10):
        installation.publish(f"beside-{number}")

    installation.wait(
        lambda: all(row_of(installation, f"poison-{what}").dead_at for what in POISON), seconds=PATIENCE_S
    )

    assert all(installation.effects(f"beside-{number}") == ["practice.noted"] for number in range(10))
    for what, reason in POISON.items():
        message = row_of(installation, f"poison-{what}")
        assert installation.effects(f"poison-{what}") == ["practice.given_up"]
        assert installation.runs(f"poison-{what}") == 3
        assert message.error.startswith(reason)
        assert message.lane == Lane.BULK, "the last attempts are bulk work"
        assert message.dead_at > row_of(installation, "beside-9").done_at


def test_new_work_is_done_while_bulk_still_waits(installation):
    publish_bulk(installation, [f"bulk-{number}" for number in range(BULK)], "tick")
    installation.wait(lambda: installation.runs("bulk-1"), seconds=PATIENCE_S)

    installation.publish("new")
    installation.wait(lambda: installation.effects("new"), seconds=PATIENCE_S)
    installation.wait(installation.settled, seconds=PATIENCE_S)

    order = [text for text in done_in_order(installation) if text == "new" or text.startswith("bulk-")]
    assert len(order) == BULK + 1
    assert order.index("new") < BULK - 10, order


def test_a_worker_that_is_told_to_stop_ends_its_task_and_takes_no_other(installation):
    installation.publish("stopping", "blink")
    installation.wait(lambda: installation.runs("stopping") == 1, seconds=PATIENCE_S)
    worker = installation.children["worker"].process

    os.kill(worker.pid, signal.SIGTERM)
    for number in range(5):
        installation.publish(f"after-stop-{number}", "tick")

    assert worker.wait(PATIENCE_S) == 0
    assert installation.effects("stopping") == ["practice.noted"]
    installation.start("worker")
    installation.wait(installation.settled, seconds=PATIENCE_S)
    for text in ("stopping", *(f"after-stop-{number}" for number in range(5))):
        assert (installation.runs(text), row_of(installation, text).losses) == (1, 0)
        assert installation.effects(text) == ["practice.noted"]


def test_connections_to_the_database_and_the_broker_that_break(installation):
    texts, dead_before = [f"cut-{number}" for number in range(60)], installation.status().dead
    for text in texts:
        installation.publish(text, "tick")
    installation.wait(lambda: installation.runs("cut-5"), seconds=PATIENCE_S)
    for door in filter(None, (installation.database_door, getattr(installation.broker, "door", None))):
        door.cut()
    installation.wait(lambda: installation.runs("cut-10"), seconds=PATIENCE_S)
    if installation.database_door is not None:
        installation.database_door.close()
        installation.wait(lambda: "OperationalError" in (installation.folder / "worker.log").read_text(), seconds=30)
        installation.database_door.open()

    installation.wait(installation.settled, seconds=PATIENCE_S)

    assert {text: found for text in texts if (found := installation.effects(text)) != ["practice.noted"]} == {}
    assert installation.status().dead == dead_before
