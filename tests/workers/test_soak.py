"""The long matrix: everything dies at random while messages come in, and still each is done once in effect."""

import random
import time

import pytest

SECONDS = 120


@pytest.mark.soak
def test_everything_dies_at_random(installation):
    chance = random.Random(20260318)
    deadline, number = time.monotonic() + SECONDS, 0
    while time.monotonic() < deadline:
        for _ in range(chance.randint(1, 20)):
            installation.publish(f"soak-{number}", chance.choice(["", "", "", "", "fail_once", "kill_process_once"]))
            number += 1
        victim = chance.choice(["worker", "relay", "broker", "nobody"])
        if victim == "broker":
            installation.broker.go_down()
            time.sleep(chance.random())
            installation.broker.start()
        elif victim != "nobody":
            installation.kill(victim)
            installation.start(victim)
        time.sleep(chance.random() * 4)

    installation.wait(installation.settled, seconds=240)

    effects = [installation.effects(f"soak-{each}") for each in range(number)]
    assert [each for each in range(number) if effects[each] != ["practice.noted"]] == []
    assert installation.status().dead == 0
