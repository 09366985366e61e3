"""Tie a process to its parent, so that no kind of death of the parent leaves it running (Linux)."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it is gone, even by ``kill -9``.

    The request survives ``exec`` and is not inherited by ``fork``, so each process makes its own. The parent in
    question is the *thread* that forked: start children from a thread that lives as long as they should.

    Raises:
        OSError: the kernel refused.
    """
    if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


class DieWith:
    """A ``preexec_fn``: ties the child to the process ``pid``, also where that one died before the tie was made."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def __call__(self) -> None:
        die_with_parent()
        if os.getppid() != self._pid:
            os._exit(1)
