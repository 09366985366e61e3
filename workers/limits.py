"""How long a task may work: kept by the process that works.

Celery's own limits are timers of the worker's main process. Cut off from its broker it cannot see that a task has
ended, and when it is back it would end processes that sit idle, and then take nothing more.
"""

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from celery.exceptions import SoftTimeLimitExceeded

from workers.timing import Timing

STDERR = 2  # the descriptor: Celery puts a logger in the place of sys.stderr


@contextmanager
def within_limits(timing: Timing) -> Iterator[None]:
    """Raise SoftTimeLimitExceeded in the block after ``soft_limit_s``; end the process, with a traceback on the error
    stream, after ``hard_limit_s``. For the main thread of a process that works on one task at a time."""

    def expire(number: int, frame: FrameType | None) -> None:
        raise SoftTimeLimitExceeded(timing.soft_limit_s)

    before = signal.signal(signal.SIGALRM, expire)
    try:
        faulthandler.dump_traceback_later(timing.hard_limit_s, exit=True, file=STDERR)
        signal.setitimer(signal.ITIMER_REAL, timing.soft_limit_s)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)
