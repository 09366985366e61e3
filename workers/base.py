"""What every task shares: context, log fields, marking done, the next attempt, the end in a state (never in silence).

A retry is a row of the outbox with its ``due_at`` and attempt, never Celery's own countdown (decision 18). A message
that costs its process gets a few attempts, with the same pauses, the last ones as bulk work, where it holds up nobody
who waits; then it ends as a dead letter.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic, sleep
from typing import Any, TypeVar

import structlog
from celery import Task
from flask import current_app, g, has_app_context
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from grants import outbox
from grants.config import Settings
from grants.db import reading, writing
from grants.db.demo_clock import read_offset
from grants.kernel.clock import real_now, set_offset
from grants.outbox import Lane
from workers.celery_app import celery, flask_app
from workers.failures import Fate, WorkerLostError, fate_of, pause_before, reason_of
from workers.limits import within_limits
from workers.timing import timing_from_env

PAUSES_S = (1, 5, 30, 120, 600, 1_800, 3_600)  # before attempts 2, 3, ...; one more attempt than pauses
MOST_LOSSES = 3  # processes that one message may cost, time-outs and want of memory included
AWAY_PAUSE_S = 0.5  # between two tries to write to a database that is away
FinalFailure = Callable[[Session, Mapping[str, str], str], None]
Result = TypeVar("Result")
log = structlog.get_logger(__name__)


def no_case_to_move(session: Session, payload: Mapping[str, str], error: str) -> None:
    """For work that no case waits for: the dead letter is all there is."""


@contextmanager
def finishing(message_id: str) -> Iterator[Session]:
    """The writing transaction in which a task's effect and its message's ``done_at`` are committed together."""
    with writing() as session:
        yield session
        outbox.mark_done(session, message_id, at=real_now())
    g.finished_message = message_id


class OutboxTask(Task):  # type: ignore[misc] # celery ships no types
    """A task fed by the relay: called with ``message_id``, ``attempt`` and the payload's ids, all as text or numbers.

    Only ``message_id`` and the payload reach the function. ``final_failure`` moves the waiting case when attempts have
    run out or the error is one that cannot pass; it shares the transaction that buries the message.
    """

    abstract = True
    pauses_s: tuple[float, ...] = PAUSES_S
    may_pass: tuple[type[Exception], ...] = ()
    cannot_pass: tuple[type[Exception], ...] = ()
    final_failure: FinalFailure = staticmethod(no_case_to_move)

    def __call__(self, *, message_id: str, attempt: int = 1, **payload: str) -> None:
        with (
            nullcontext() if has_app_context() else flask_app().app_context(),
            structlog.contextvars.bound_contextvars(task=self.name, message_id=message_id, attempt=attempt, **payload),
        ):
            try:
                if self.may_begin(message_id, attempt):
                    with limits_of(self):
                        take_demonstration_clock()
                        self.work(message_id, payload)
            except Exception as error:
                self.hand_back(message_id, attempt, payload, error)

    def may_begin(self, message_id: str, attempt: int) -> bool:
        """Note that work begins; False where nothing is left to do. Raises WorkerLostError for an attempt that had
        begun and was delivered again: a message that kills its process gets a pause, and a few of them only."""
        with writing() as session:
            start = outbox.begin(session, message_id, attempt=attempt, at=real_now())
        if start is outbox.Start.LOST:
            raise WorkerLostError("delivered again: the process that had begun with it is gone")
        return start is outbox.Start.FREE

    def work(self, message_id: str, payload: Mapping[str, str]) -> None:
        """Run the function; where it did not finish the message itself, do so now."""
        self.run(message_id=message_id, **payload)
        if g.pop("finished_message", None) != message_id:
            with finishing(message_id):
                pass
            g.pop("finished_message", None)

    def hand_back(self, message_id: str, attempt: int, payload: Mapping[str, str], error: Exception) -> None:
        """Plan the next attempt, or give up. Both do nothing to a message that is done."""
        reason, fate = reason_of(error), fate_of(error, may_pass=self.may_pass, cannot_pass=self.cannot_pass)
        losses = patiently(lambda session: outbox.count_losses(session, message_id)) if fate is Fate.COSTLY else 0
        if fate is Fate.FINAL or attempt > len(self.pauses_s) or losses + 1 >= MOST_LOSSES:
            log.error("message given up", error=reason, fate=fate.name, exc_info=error)
            self.give_up(message_id, payload, reason)
            return
        pause = pause_before(attempt + 1, self.pauses_s)
        log.warning("message tried again later", error=reason, pause_s=pause.total_seconds(), exc_info=error)
        patiently(
            lambda session: outbox.retry_later(
                session,
                message_id,
                due_at=real_now() + pause,
                error=reason,
                attempt=attempt,
                losses=int(fate is Fate.COSTLY),
                lane=Lane.BULK if losses else None,
            )
        )

    def give_up(self, message_id: str, payload: Mapping[str, str], reason: str) -> None:
        """Move the case and bury the message in one transaction; bury it alone where the case cannot be moved."""

        def bury(session: Session) -> None:
            if outbox.bury(session, message_id, at=real_now(), error=reason):
                self.final_failure(session, payload, reason)

        try:
            patiently(bury)
        except Exception as error:
            log.exception("the waiting case could not be moved")
            both = f"{reason}; then {reason_of(error)}"
            patiently(lambda session: outbox.bury(session, message_id, at=real_now(), error=both))


def patiently(write: Callable[[Session], Result]) -> Result:
    """Write in a transaction of its own, again and again for a while where the database is away: what became of a
    message is worth waiting for. Without that it counts as one that took its process with it."""
    until = monotonic() + timing_from_env().patience_s
    while True:
        try:
            with writing() as session:
                return write(session)
        except (OperationalError, InterfaceError):
            if monotonic() > until:
                raise
        sleep(AWAY_PAUSE_S)


def outbox_task(
    name: str, *, final_failure: FinalFailure = no_case_to_move, **options: Any
) -> Callable[[Callable[..., None]], OutboxTask]:
    """Declare a task: ``@outbox_task("eligibility.check_revision", final_failure=mark_check_failed)``."""
    decorator: Callable[[Callable[..., None]], OutboxTask] = celery.task(
        name=name, base=OutboxTask, final_failure=staticmethod(final_failure), **options
    )
    return decorator


class PeriodicTask(Task):  # type: ignore[misc] # celery ships no types
    """A task that beat starts: it has no message; the next tick is its retry."""

    abstract = True

    def __call__(self) -> None:
        with (
            nullcontext() if has_app_context() else flask_app().app_context(),
            structlog.contextvars.bound_contextvars(task=self.name),
            limits_of(self),
        ):
            take_demonstration_clock()
            self.run()


def limits_of(task: Task) -> AbstractContextManager[None]:
    """The limits of a task that a worker runs; called in line, as tests do, it has none."""
    return nullcontext() if task.request.called_directly else within_limits(timing_from_env())


def take_demonstration_clock() -> None:
    """Let this task's time be the installation's (decision 14); in production there is nothing to read."""
    settings: Settings = current_app.extensions["settings"]
    if settings.clock_can_move:
        with reading() as session:
            set_offset(read_offset(session))
