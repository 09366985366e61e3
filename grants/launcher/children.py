"""Start processes, start them again when they die, end them in order."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grants.launcher.lifeline import DieWith

BACK_OFF_S = (0.2, 0.5, 1, 2, 5, 10, 20, 30)  # before the next start, by the number of quick deaths in a row
SETTLED_S = 60.0  # a process that lived this long starts again at once
LOG_LIMIT = 10 * 1024 * 1024  # bytes; a longer log is set aside when its process starts


class ChildGaveUpError(Exception):
    """A process died too often in a row to be worth starting again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One process to keep running. ``patience_s``: how long it may take to end by itself after SIGTERM."""

    name: str
    command: Sequence[str]
    patience_s: float = 10.0


@dataclass(slots=True)
class Child:
    """A running (or waiting) process of a plan, its log, and how often it died quickly."""

    plan: Plan
    environment: Mapping[str, str]
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    def start(self) -> None:
        """Run the command in a process group of its own, tied to this process, its output added to the log."""
        rotate(self.log_file)
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.plan.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=DieWith(os.getpid()),
            )
        self.started = time.monotonic()

    def watch(self, now: float) -> str | None:
        """Start the process again when it has died and its pause is over; return what there is to say about it.

        Raises:
            ChildGaveUpError: it died more often in a row than there are pauses.
        """
        if self.process is None:
            if now >= self.due:
                self.start()
            return None
        status = self.process.poll()
        if status is None:
            return None
        self.end_group(signal.SIGKILL)
        self.deaths = 1 if now - self.started > SETTLED_S else self.deaths + 1
        if self.deaths > len(BACK_OFF_S):
            raise ChildGaveUpError(f"{self.plan.name} died {self.deaths} times in a row; its log is {self.log_file}")
        self.process, self.due = None, now + BACK_OFF_S[self.deaths - 1]
        return f"{self.plan.name} ended ({describe(status)}) and is started again; its log is {self.log_file}"

    def end_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """Ask the process to end, wait its patience, then end what is left of its group."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.plan.patience_s)
        self.end_group(signal.SIGKILL)
        self.process.wait()
        self.process = None


def rotate(log_file: Path) -> None:
    """Set a log that has grown long aside, replacing the one set aside before."""
    if log_file.exists() and log_file.stat().st_size > LOG_LIMIT:
        log_file.replace(log_file.with_suffix(".log.1"))


def describe(status: int) -> str:
    """Say how a process ended: its exit status, or the name of the signal."""
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
