"""Which failures may pass, which never will, and which cost a process: what decides whether a message is tried again.

The list of what never passes is the one that is kept: a failure that nobody thought of is tried again, a bounded number
of times.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum, auto

from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy.exc import DataError, DBAPIError, InvalidRequestError, NotSupportedError, ProgrammingError

from grants.kernel.errors import DomainError

JITTER = 0.2  # of a pause, either way: what failed together does not come back together
FINAL: tuple[type[BaseException], ...] = (
    DomainError,  # a rule of the process says no, and will say no again
    DataError,
    InvalidRequestError,
    NotSupportedError,
    ProgrammingError,
    ArithmeticError,  # from here on faults of the program: another attempt runs the same lines
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
COSTLY: tuple[type[BaseException], ...] = (MemoryError, SoftTimeLimitExceeded)


class WorkerLostError(Exception):
    """Work on this attempt had begun before, and nobody said how it ended: its process is gone."""


class Fate(Enum):
    """What becomes of a message whose work failed."""

    PASSING = auto()  # database, broker, network, a lock: tried again
    COSTLY = auto()  # took its process, all its time or all its memory: tried again a few times only
    FINAL = auto()  # given up at once


def fate_of(
    error: BaseException,
    *,
    may_pass: tuple[type[BaseException], ...] = (),
    cannot_pass: tuple[type[BaseException], ...] = (),
) -> Fate:
    """How to take an error. A task may know better: ``may_pass`` look final and are not, ``cannot_pass`` are."""
    if isinstance(error, (WorkerLostError, *COSTLY)):
        return Fate.COSTLY
    if isinstance(error, may_pass):
        return Fate.PASSING
    return Fate.FINAL if isinstance(error, (*cannot_pass, *FINAL)) else Fate.PASSING


def pause_before(attempt: int, pauses_s: Sequence[float], *, chance: random.Random | None = None) -> timedelta:
    """How long to wait before attempt 2, 3, ...: the plan's pause, a fifth longer or shorter by chance."""
    share = (chance or random).uniform(1 - JITTER, 1 + JITTER)
    return timedelta(seconds=pauses_s[attempt - 2] * share)


def reason_of(error: BaseException) -> str:
    """What operators read: the kind of error and its first line, without the values that a statement was given."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(said).strip().splitlines()
    return ": ".join((type(error).__name__, *lines[:1]))
