import socket
import threading
import time
from datetime import timedelta

import pytest

from grants.kernel.uscc import make_uscc
from grants.registers import queries, services
from grants.registers.domain import RegisterService
from grants.registers.models import RegisterCircuit
from grants.registers.states import CircuitState
from tests.factories.registers import SOUND_ENTRY, make_snapshot
from tests.support.registry import breaks_off, drips_body, drips_head, hangs, in_turn, is_soon, says, sends

USCC = make_uscc("91310115", "MA1K0001")
OTHER = make_uscc("91310115", "MA1K0002")
BAN = {"starts_on": "2025-01-01"}
LONG_AGO = timedelta(days=30)


def read(session, now, *registers, uscc=USCC, authorised=True, **options):
    return services.read(
        session, uscc, registers=frozenset(registers or {"bans"}), authorised=authorised, now=now, **options
    )


def ask(session, now, *registers, **options):
    """What a check does between reading a case and judging it."""
    found = read(session, now, *registers, **options)
    admitted = services.admit_questions(session, found.questions, now=now)
    outcomes = services.put_questions(admitted)
    return {**found.evidence, **services.settle_answers(session, outcomes, now=now)}


def circuit(session, now, register="bans"):
    return services.circuit_of(session.get(RegisterCircuit, register)).state(now)


def reason(session, register="bans"):
    return session.get_one(RegisterCircuit, register).failure


def test_an_answer_is_evidence_with_its_instant_and_number(session, now, server, ask_by):
    ask_by("bans", token="secret")
    server.behaviour = says({"rows": [BAN], "ref": "Q-17"})

    evidence = ask(session, now)

    told = {"source": "示例登记服务", "asof": "2026-03-18T12:00:00+08:00", "ref": "Q-17", "rows": [BAN]}
    assert evidence == {"bans": told}
    assert server.asked == [f"/bans/{USCC}"]
    assert server.headers[0]["Authorization"] == "Bearer secret"


def test_a_register_is_either_imported_or_asked(session, now, server, ask_by):
    make_snapshot(session, "bans", [(USCC, {"starts_on": "2020-01-01"})])
    make_snapshot(session, "reg", [(USCC, SOUND_ENTRY)])
    ask_by("bans")
    server.behaviour = says({"rows": []})

    evidence = ask(session, now, "bans", "reg")

    assert evidence["bans"]["rows"] == []
    assert evidence["reg"]["record"] == SOUND_ENTRY


def test_a_code_that_the_service_does_not_have_is_unknown_and_blames_nobody(session, now, server, ask_by):
    ask_by("reg", trip_after=1)
    server.behaviour = in_turn(says({"record": None}), says({"message": "none"}, status=404))

    assert ask(session, now, "reg") == {"reg": None}
    assert ask(session, now, "reg", uscc=OTHER) == {"reg": None}
    assert circuit(session, now, "reg") is CircuitState.CLOSED


@pytest.mark.parametrize("register", ["credits", "penalties"])
def test_credit_registers_are_not_even_asked_without_authorisation(session, now, server, ask_by, register):
    ask_by(register)
    server.behaviour = says({"rows": []})

    assert ask(session, now, register, authorised=False) == {}
    assert server.asked == []
    assert ask(session, now, register)[register]["rows"] == []


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (hangs, "timed_out"),
        (drips_body, "timed_out"),
        (drips_head, "timed_out"),
        (breaks_off, "unreachable"),
        (says({}, status=500), "status_500"),
        (says({}, status=401), "status_401"),
        (says({}, status=302, Location="http://127.0.0.1:1/"), "status_302"),
        (sends(b"<html>no</html>"), "malformed"),
        (sends(b"\xff\xfe\x00"), "malformed"),
        (sends(b"[" * 100_000), "malformed"),
        (sends(b'{"rows": [{"starts_on": NaN}]}'), "malformed"),
        (says({"rows": [{"starts_on": 20250101}]}), "malformed"),
        (says({"record": {}}), "malformed"),
        (sends(b" " * 3_000_000), "too_large"),
    ],
)
def test_whatever_else_it_does_is_unknown_in_good_time(session, now, server, ask_by, behaviour, told):
    ask_by("bans", attempts=2)
    server.behaviour = behaviour
    began = time.monotonic()

    evidence = ask(session, now)

    assert evidence == {"bans": None}
    assert reason(session) == told
    assert time.monotonic() - began < 5


def test_nothing_listens(session, now, server, ask_by):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        service = ask_by("bans", attempts=2)
        silent = RegisterService(
            **{
                **{name: getattr(service, name) for name in RegisterService.__dataclass_fields__},
                "url": f"http://127.0.0.1:{free.getsockname()[1]}/{{uscc}}",
            }
        )
        services.use_services({"bans": silent})

        assert ask(session, now) == {"bans": None}
    assert reason(session) == "unreachable"


def test_a_redirect_is_not_followed_even_to_itself(session, now, server, ask_by):
    ask_by("bans")
    server.behaviour = in_turn(says({}, status=302, Location=f"/bans/{USCC}"), says({"rows": []}))

    assert ask(session, now) == {"bans": None}
    assert len(server.asked) == 1


@pytest.mark.parametrize("first", [says({}, status=503), says({}, status=429, Retry_After="0"), breaks_off, hangs])
def test_what_may_pass_is_tried_again_a_few_times(session, now, server, ask_by, first):
    ask_by("bans", total_s=5)
    server.behaviour = in_turn(first, says({"rows": []}))

    assert ask(session, now)["bans"]["rows"] == []
    assert len(server.asked) == 2


def test_attempts_are_bounded(session, now, server, ask_by):
    ask_by("bans", attempts=3, total_s=10)
    server.behaviour = says({}, status=500)

    ask(session, now)

    assert len(server.asked) == 3


def test_what_will_not_pass_is_not_tried_again(session, now, server, ask_by):
    ask_by("bans", attempts=3)
    server.behaviour = says({}, status=403)

    ask(session, now)

    assert len(server.asked) == 1


def test_a_service_that_asks_for_a_long_pause_is_left_alone(session, now, server, ask_by):
    ask_by("bans", attempts=3)
    server.behaviour = says({}, status=429, Retry_After="600")
    began = time.monotonic()

    ask(session, now)

    assert (len(server.asked), time.monotonic() - began < 1) == (1, True)


def test_several_registers_are_asked_at_once(session, now, server, ask_by):
    for register in ("bans", "projects", "funded", "reg"):
        ask_by(register, total_s=3, read_s=2)
    together = threading.Barrier(4)

    def wait_for_the_others(handler):
        together.wait(timeout=2)
        handler.answer({"record": SOUND_ENTRY} if handler.path.startswith("/reg") else {"rows": []})

    server.behaviour = wait_for_the_others

    assert all(ask(session, now, "bans", "projects", "funded", "reg").values())


def test_a_service_that_is_down_is_left_alone_and_asked_again_later(session, now, server, ask_by):
    ask_by("bans", attempts=1, trip_after=3, rest_s=60)
    server.behaviour = says({}, status=500)
    for _ in range(5):
        ask(session, now)
    assert (len(server.asked), circuit(session, now)) == (3, CircuitState.OPEN)

    server.behaviour = says({"rows": []})
    assert ask(session, now + timedelta(seconds=30)) == {"bans": None}
    assert len(server.asked) == 3
    hour = now + timedelta(hours=1)
    assert circuit(session, hour) is CircuitState.HALF_OPEN
    assert ask(session, hour)["bans"]["rows"] == []
    assert circuit(session, hour) is CircuitState.CLOSED


def test_a_fresh_answer_is_not_asked_for_again(session, now, server, ask_by):
    ask_by("bans", fresh_s=600)
    first = ask(session, now)

    assert ask(session, now + timedelta(seconds=599)) == first
    assert len(server.asked) == 1
    assert ask(session, now + timedelta(seconds=600)) != first


def test_while_it_is_down_the_last_answer_stands_in_with_its_own_time(session, now, server, ask_by):
    ask_by("bans", attempts=1, fresh_s=0, keep_s=3_600)
    server.behaviour = says({"rows": [BAN]})
    ask(session, now)
    server.behaviour = says({}, status=500)

    evidence = ask(session, now + timedelta(minutes=59))

    assert (evidence["bans"]["rows"], evidence["bans"]["asof"]) == ([BAN], "2026-03-18T12:00:00+08:00")
    assert ask(session, now + timedelta(minutes=61)) == {"bans": None}


def test_an_answer_from_before_the_day_that_matters_does_not_stand_in(session, now, server, ask_by):
    ask_by("bans", attempts=1)
    ask(session, now)
    server.behaviour = says({}, status=500)

    assert ask(session, now + timedelta(minutes=1), not_before=now + timedelta(seconds=1)) == {"bans": None}


def test_an_answer_of_a_clock_that_was_put_back_counts_for_nothing(session, now, server, ask_by):
    ask_by("bans")
    ask(session, now)

    assert len(read(session, now - timedelta(days=1)).questions) == 1


def test_the_rate_spreads_questions(session, now, server, ask_by):
    ask_by("bans", per_second=10, total_s=2)
    began = time.monotonic()
    admitted = []
    for code in (USCC, OTHER, make_uscc("91310115", "MA1K0003")):
        admitted += services.admit_questions(session, read(session, now, uscc=code).questions, now=now)
    services.put_questions(admitted)

    assert [round(one.admission.wait_s, 3) for one in admitted] == [0, 0.1, 0.2]
    assert time.monotonic() - began >= 0.2


def test_old_answers_are_forgotten(session, now, server, ask_by):
    ask_by("bans")
    ask(session, now)

    services.forget_answers(session, now=now + timedelta(days=89))
    assert len(queries.list_answers(session, ["bans"], USCC)) == 1
    services.forget_answers(session, now=now + timedelta(days=91))
    assert queries.list_answers(session, ["bans"], USCC) == []


def test_a_thread_that_hangs_is_cut_off(session, now, server, ask_by):
    ask_by("bans", attempts=1, read_s=20, total_s=0.3)
    server.behaviour = drips_head

    assert ask(session, now) == {"bans": None}
    assert is_soon(lambda: not any(thread.name == "register-bans" for thread in threading.enumerate()))
