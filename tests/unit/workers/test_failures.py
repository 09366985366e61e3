"""Which failures are tried again, how often, after which pauses, and what is said of them."""

import random
import resource
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from grants.eligibility.errors import StaleEvidenceError
from grants.kernel.errors import ForbiddenError, NotFoundError
from workers.failures import Fate, WorkerLostError, fate_of, pause_before, reason_of
from workers.limits import within_memory
from workers.timing import Timing

STATEMENT = "SELECT 1"


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (OperationalError(STATEMENT, {}, Exception("server closed the connection")), Fate.PASSING),
        (InterfaceError(STATEMENT, {}, Exception("connection already closed")), Fate.PASSING),
        (IntegrityError(STATEMENT, {}, Exception("two at once")), Fate.PASSING),
        (BrokerError("broker is down"), Fate.PASSING),
        (ConnectionResetError("peer"), Fate.PASSING),
        (TimeoutError("register"), Fate.PASSING),
        (RuntimeError("nobody thought of it"), Fate.PASSING),
        (MemoryError(), Fate.COSTLY),
        (SoftTimeLimitExceeded(45), Fate.COSTLY),
        (WorkerLostError("gone"), Fate.COSTLY),
        (NotFoundError(revision="1"), Fate.FINAL),
        (ForbiddenError("role_missing"), Fate.FINAL),
        (ProgrammingError(STATEMENT, {}, Exception("no such column")), Fate.FINAL),
        (DataError(STATEMENT, {}, Exception("too long")), Fate.FINAL),
        (TypeError("missing argument"), Fate.FINAL),
        (KeyError("answer"), Fate.FINAL),
        (ZeroDivisionError(), Fate.FINAL),
    ],
)
def test_what_may_pass_is_told_from_what_never_will(error, fate):
    assert fate_of(error) is fate


def test_a_task_may_know_better():
    changing = StaleEvidenceError(application="1")

    assert fate_of(changing) is Fate.FINAL
    assert fate_of(changing, may_pass=(StaleEvidenceError,)) is Fate.PASSING
    assert fate_of(RuntimeError(), cannot_pass=(RuntimeError,)) is Fate.FINAL


def test_pauses_grow_and_differ_by_a_fifth_at_most():
    chance = random.Random(7)
    pauses = [[pause_before(attempt, (1, 5, 30), chance=chance) for _ in range(50)] for attempt in (2, 3, 4)]

    for planned, found in zip((1, 5, 30), pauses, strict=True):
        assert all(timedelta(seconds=0.8 * planned) <= pause <= timedelta(seconds=1.2 * planned) for pause in found)
        assert len(set(found)) > 40


def test_a_reason_says_one_line_and_no_values_of_a_statement():
    error = OperationalError("UPDATE person SET phone = :p", {"p": "13800000000"}, Exception("locked\nDETAIL: more"))

    assert reason_of(error) == "OperationalError: locked"
    assert reason_of(MemoryError()) == "MemoryError"


def test_nothing_is_sent_again_before_whoever_had_it_must_be_gone():
    timing = Timing(soft_limit_s=45)

    assert timing.soft_limit_s < timing.hard_limit_s
    assert timing.hard_limit_s + timing.patience_s < timing.visibility_s
    assert timing.visibility_s < timing.resend_after.total_seconds()


def test_memory_beyond_the_limit_is_refused_and_the_limit_goes_with_the_task():
    before = resource.getrlimit(resource.RLIMIT_DATA)

    with within_memory(512):
        assert len(bytearray(256 * 1024 * 1024)) > 0
    with pytest.raises(MemoryError), within_memory(64):
        bytearray(256 * 1024 * 1024)

    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(bytearray(256 * 1024 * 1024)) > 0
