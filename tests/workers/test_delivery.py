"""Real workers and brokers: what is published is done, once in effect, whatever dies on the way."""

import os
import signal

from grants.outbox import OutboxStatus


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def test_what_is_published_is_done_by_a_worker(installation):
    for number in range(20):
        installation.publish(f"plain-{number}")

    installation.wait(installation.settled, seconds=30)

    assert all(installation.effects(f"plain-{number}") == ["practice.noted"] for number in range(20))
    assert installation.status() == OutboxStatus(waiting=0, sent_not_done=0, dead=0, lag_seconds=0.0)


def test_with_the_broker_down_messages_stay_and_are_sent_when_it_is_back(installation):
    installation.broker.go_down()
    for number in range(5):
        installation.publish(f"down-{number}")
    installation.wait(lambda: installation.status().lag_seconds > 2, seconds=10)
    waiting = installation.status().waiting

    installation.broker.start()
    installation.wait(installation.settled, seconds=40)

    assert waiting == 5
    assert all(installation.effects(f"down-{number}") == ["practice.noted"] for number in range(5))


def test_kill_9_of_the_worker_in_the_middle_of_a_task(installation):
    installation.publish("worker-killed", "slow")
    installation.wait(lambda: installation.runs("worker-killed") == 1, seconds=20)

    installation.kill("worker")
    assert installation.effects("worker-killed") == []
    installation.start("worker")
    installation.wait(installation.settled, seconds=60)

    assert installation.runs("worker-killed") >= 2
    assert installation.effects("worker-killed") == ["practice.noted"]


def test_kill_9_of_the_process_that_runs_the_task(installation):
    installation.publish("process-killed", "kill_process_once")

    installation.wait(installation.settled, seconds=60)

    assert installation.runs("process-killed") >= 2
    assert installation.effects("process-killed") == ["practice.noted"]


def test_a_task_that_always_kills_its_process_ends_as_a_dead_letter(installation):
    installation.publish("poison", "kill_process")

    installation.wait(lambda: installation.status().dead == 1, seconds=90)

    assert installation.effects("poison") == ["practice.given_up"]
    assert installation.runs("poison") == 3


def test_a_task_that_hangs_is_ended_and_tried_again(installation):
    installation.publish("hanging", "hang")

    installation.wait(installation.settled, seconds=60)

    assert installation.runs("hanging") == 2
    assert installation.effects("hanging") == ["practice.noted"]


def test_kill_9_of_the_relay_loses_nothing(installation):
    for number in range(50):
        installation.publish(f"relay-{number}")
    installation.kill("relay")
    installation.start("relay")

    installation.wait(installation.settled, seconds=60)

    assert all(installation.effects(f"relay-{number}") == ["practice.noted"] for number in range(50))


def test_kill_9_of_the_worker_leaves_no_process_of_its_own(installation):
    worker = installation.children["worker"].process.pid
    installation.wait(lambda: len(children_of(worker)) >= 2, seconds=20)
    forked = children_of(worker)

    os.kill(worker, signal.SIGKILL)
    installation.children["worker"].process.wait()
    installation.wait(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in forked), seconds=5)
    installation.start("worker")
