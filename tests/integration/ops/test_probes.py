"""What machines ask: alive, ready and with which part failing, how much."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from grants import audit, outbox
from grants.db.demo_clock import write_offset
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.ops import health, services

ASK_PROBES = """
import json
from grants.factory import create_app
client = create_app().test_client()
answers = [client.get(address) for address in ("/healthz", "/readyz")]
print(json.dumps([[answer.status_code, answer.json] for answer in answers]))
"""  # in a process of its own: an application chooses the key, the store and the relay's address of its whole process
NAMES = ("relay", "worker-interactive", "worker-bulk")


def beat_all(session, at):
    for name in NAMES:
        services.beat(session, name, at)


def parts_of(session, *, real=None):
    found = health.readiness(session, broker_url="", real_now=real or real_now())
    return {part.name: part.is_ok for part in found}


def test_the_process_answers(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_every_part_is_looked_at_and_the_failing_named(client, session):
    beat_all(session, real_now())
    session.commit()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["failing"] == ["broker"], "the broker alone is missing in this test"
    assert set(answer.json["parts"]) == {"database", "broker", "storage", "outbox", "audit", *NAMES}


def test_a_silent_process_is_missed(session):
    real = real_now()
    beat_all(session, real - timedelta(seconds=20))
    assert all(parts_of(session, real=real)[name] for name in NAMES)

    services.beat(session, "relay", real - timedelta(seconds=31))

    assert not parts_of(session, real=real)["relay"]
    assert parts_of(session, real=real)["worker-bulk"]


def test_messages_that_are_not_sent_in_time_are_missed_and_dead_ones_told(session):
    message = outbox.publish(session, "mail.requested", {"mail_id": "1"}, due_at=real_now() - timedelta(minutes=2))
    session.flush()
    assert not parts_of(session)["outbox"]

    outbox.bury(session, message.id, at=real_now(), error="示例错误")

    assert health.check_outbox(session, real_now()).is_ok
    assert "dead 1" in health.check_outbox(session, real_now()).note


def test_an_entry_left_unsealed_is_missed(session):
    audit.record(session, SYSTEM, "test.recorded", ("person", "1"), at=real_now() - timedelta(seconds=61))
    assert not parts_of(session)["audit"]

    audit.seal_pending(session)

    assert parts_of(session)["audit"]


def test_a_moved_clock_makes_no_entry_late(session):
    write_offset(session, timedelta(days=30))
    audit.record(session, SYSTEM, "test.recorded", ("person", "1"), at=real_now() + timedelta(days=30))

    assert parts_of(session)["audit"]


def test_without_a_database_the_probes_still_answer(tmp_path):
    environ = {
        **os.environ,
        "GRANTS_MODE": "test",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://postgres@127.0.0.1:1/nowhere",
    }

    result = subprocess.run(
        [sys.executable, "-c", ASK_PROBES], env=environ, capture_output=True, text=True, check=True, timeout=60
    )

    alive, ready = json.loads(result.stdout.splitlines()[-1])
    assert alive == [200, {"status": "ok"}]
    assert ready[0] == 503
    assert {"database", "outbox", "audit", "relay"} <= set(ready[1]["failing"])
    assert "storage" not in ready[1]["failing"]
    assert "127.0.0.1" not in json.dumps(ready)


def test_a_broker_that_is_not_there_is_named_within_seconds(session):
    for url in ("redis://127.0.0.1:1/0", "amqp://guest@127.0.0.1:1//"):
        found = health.readiness(session, broker_url=url, real_now=real_now())
        broker = next(part for part in found if part.name == "broker")
        assert not broker.is_ok
        assert broker.note


def test_the_figures_of_a_scrape(client, session):
    beat_all(session, real_now())
    outbox.publish(session, "mail.requested", {"mail_id": "1"})
    session.commit()

    answer = client.get("/metrics")

    assert answer.content_type.startswith("text/plain")
    assert "grants_outbox_waiting 1.0" in answer.text
    assert 'grants_heartbeat_age_seconds{process="relay"}' in answer.text
    assert "grants_outbox_dead 0.0" in answer.text


@pytest.mark.parametrize("times", [1, 3])
def test_a_heartbeat_is_one_row_however_often(session, now, times):
    for second in range(times):
        services.beat(session, "relay", now + timedelta(seconds=second))

    assert list(health.list_heartbeats(session).values()) == [now + timedelta(seconds=times - 1)]
