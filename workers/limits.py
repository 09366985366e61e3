"""How long a task may work and how much memory it may take: kept by the process that works.

Celery's own limits of time are timers of the worker's main process. Cut off from its broker it cannot see that a task
has ended, and when it is back it would end processes that sit idle, and then take nothing more. Its limit of memory
looks at a process after a task has ended; this one holds while the task runs.
"""

import faulthandler
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from celery.exceptions import SoftTimeLimitExceeded

from workers.timing import Timing

DATA_FIELD = 5  # of /proc/self/statm: data and stack, in pages
STDERR = 2  # the descriptor: Celery puts a logger in the place of sys.stderr


@contextmanager
def within_limits(timing: Timing) -> Iterator[None]:
    """Raise SoftTimeLimitExceeded in the block after ``soft_limit_s``; end the process, with a traceback on the error
    stream, after ``hard_limit_s``. More than ``memory_mb`` of further memory is refused, which Python raises as
    MemoryError. For the main thread of a process that works on one task at a time."""

    def expire(number: int, frame: FrameType | None) -> None:
        raise SoftTimeLimitExceeded(timing.soft_limit_s)

    before = signal.signal(signal.SIGALRM, expire)
    try:
        faulthandler.dump_traceback_later(timing.hard_limit_s, exit=True, file=STDERR)
        signal.setitimer(signal.ITIMER_REAL, timing.soft_limit_s)
        with within_memory(timing.memory_mb):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


@contextmanager
def within_memory(memory_mb: int) -> Iterator[None]:
    """Refuse this process so many MB of private memory more than it has; the limit that was set stays the upper one.

    RLIMIT_DATA counts what a process can write to of its own, not the libraries that are mapped: hundreds of MB are
    reserved by libraries with threads before a task begins. Processes started in the block inherit it as a limit that
    they may raise (the sandbox sets its own).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = private_bytes() + memory_mb * 1024 * 1024
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def private_bytes() -> int:
    """What this process can write to of its own, in bytes: what RLIMIT_DATA counts, and its stack."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[DATA_FIELD])
    return pages * resource.getpagesize()
