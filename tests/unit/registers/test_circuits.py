from datetime import datetime, timedelta

import pytest

from grants.registers.domain import Circuit, RegisterService, admit, answered, failed
from grants.registers.states import CircuitState

NOW = datetime.fromisoformat("2026-03-18T12:00:00+08:00")
SERVICE = RegisterService(
    "reg", "http://127.0.0.1/{uscc}", "示例", trip_after=3, rest_s=60, per_second=0, total_s=10, attempts=3
)


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def opened(openings=1):
    circuit = Circuit()
    for _ in range(SERVICE.trip_after):
        circuit = failed(circuit, SERVICE, "timed_out", now=NOW)
    for _ in range(openings - 1):
        circuit = failed(circuit, SERVICE, "timed_out", now=circuit.retry_at)
    return circuit


def test_it_opens_after_failures_in_a_row():
    circuit = failed(failed(Circuit(), SERVICE, "timed_out", now=NOW), SERVICE, "timed_out", now=NOW)

    assert circuit.state(NOW) is CircuitState.CLOSED
    assert opened().state(NOW) is CircuitState.OPEN


def test_an_answer_in_between_starts_the_count_again():
    circuit = failed(failed(Circuit(), SERVICE, "x", now=NOW), SERVICE, "x", now=NOW)
    circuit = failed(answered(circuit, now=NOW), SERVICE, "x", now=NOW)

    assert (circuit.failures, circuit.state(NOW)) == (1, CircuitState.CLOSED)


def test_nobody_asks_while_it_is_open_and_one_finds_out_afterwards():
    circuit = opened()

    assert not admit(circuit, SERVICE, now=later(59))[1]
    circuit, first = admit(circuit, SERVICE, now=later(60))
    assert first.attempts == 1
    assert not admit(circuit, SERVICE, now=later(61))[1]


def test_a_caller_that_was_lost_while_probing_does_not_close_the_way_for_ever():
    circuit, _ = admit(opened(), SERVICE, now=later(60))

    assert admit(circuit, SERVICE, now=later(60 + SERVICE.total_s + 11))[1]


@pytest.mark.parametrize(("openings", "rest_s"), [(1, 60), (2, 120), (3, 240), (9, 1_800), (40, 1_800)])
def test_it_rests_twice_as_long_each_time_up_to_half_an_hour(openings, rest_s):
    circuit = opened(openings)

    assert (circuit.retry_at - circuit.opened_at).total_seconds() == rest_s


def test_an_answer_closes_it():
    circuit = answered(opened(3), now=later(60))

    assert (circuit.state(later(60)), circuit.openings, circuit.failures) == (CircuitState.CLOSED, 0, 0)
    assert circuit.failure == "timed_out"  # still told


def test_a_clock_that_was_put_back_does_not_keep_it_open():
    assert opened().state(NOW - timedelta(hours=1)) is CircuitState.HALF_OPEN
    assert admit(opened(), SERVICE, now=NOW - timedelta(hours=1))[1]


def test_questions_take_turns_and_none_waits_longer_than_its_time():
    service = RegisterService("reg", "http://127.0.0.1/{uscc}", "示例", per_second=2, total_s=1)
    circuit, waits = Circuit(), []
    for _ in range(5):
        circuit, admission = admit(circuit, service, now=NOW)
        waits.append(admission.wait_s if admission else None)

    assert waits == [0.0, 0.5, 1.0, None, None]
    assert admit(circuit, service, now=later(5))[1].wait_s == 0
