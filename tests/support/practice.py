"""A topic and a task of the tests' own, so that workers can be tried whatever the stages do.

``celery --app tests.support.practice`` is a worker that knows it, ``python -m tests.support.practice`` a relay.
Each run adds a line to the file ``runs`` of its folder; the effect is one audit entry per text, however often it runs.

Here too are the places at which a process can be told to die: a file ``die/<place>`` in its data folder, which the
first process that comes by takes away before it kills itself. Production knows nothing of it.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import structlog
from celery import signals
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.kernel.errors import NotFoundError
from grants.outbox import TOPICS, Lane, Message
from workers import eligibility, relay
from workers.base import finishing, outbox_task
from workers.celery_app import celery

__all__ = ["celery", "effects", "note"]

TOPIC = "practice.requested"
TOPICS[TOPIC] = Lane.INTERACTIVE
relay.ROUTES[TOPIC] = "practice.note"
SHORT_LEASE = timedelta(seconds=3)  # of a relay that dies with messages in its hands
STEPS = ("delivered", "read", "started", "asked", "judged", "recorded", "committed")  # of a check, in their order


def add_entry(session: Session, kind: str, text: str, *, at: datetime) -> None:
    """Record ``kind`` about ``text`` unless that has been done."""
    if kind not in effects(session, text):
        audit.record(session, SYSTEM, kind, ("practice", text), at=at)


def effects(session: Session, text: str) -> list[str]:
    """What has come of the messages about ``text``, in order."""
    entries = select(audit.AuditEntry.kind).where(
        audit.AuditEntry.subject_kind == "practice", audit.AuditEntry.subject_key == text
    )
    return list(session.scalars(entries.order_by(audit.AuditEntry.subject_no)))


def give_up(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The case of a practice message: an entry that it was given up."""
    add_entry(session, "practice.given_up", payload["text"], at=real_now())


def marked(folder: Path, place: str, about: str = "") -> Path:
    """The file that tells a process to die at ``place``, at work on the revision that it is ``about``."""
    return folder / "die" / f"{place}{about}"


def die_if_told(place: str, about: str | None = None) -> None:
    """Kill this process where its data folder says so, once; ``about``: as its log lines say unless given."""
    if about is None:
        about = str(structlog.contextvars.get_contextvars().get("revision_id", ""))
    try:
        marked(Path(os.environ["DATA_DIR"]), place, about).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


@outbox_task("practice.note", final_failure=give_up, pauses_s=(0.1, 0.1))
def note(*, message_id: str, text: str, folder: str, what: str = "") -> None:
    """Note ``text``; ``what`` names what goes wrong, for the first time or always."""
    runs = Path(folder) / "runs"
    with runs.open("a") as file:
        file.write(f"{text}\n")
    go_wrong(what, first=runs.read_text().splitlines().count(text) == 1)
    with finishing(message_id) as session:
        add_entry(session, "practice.noted", text, at=real_now())


def go_wrong(what: str, *, first: bool) -> None:
    """``slow`` takes two seconds, ``blink`` half a one, ``tick`` a twentieth; the others fail as named."""
    troubles: dict[str, Callable[[], object]] = {
        "tick": lambda: time.sleep(0.05),
        "blink": lambda: time.sleep(0.5),
        "kill_process": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "eat": eat_memory,
        "fail": fail,
        "refuse": refuse,
    }
    first_troubles: dict[str, Callable[[], object]] = {
        "slow": lambda: time.sleep(2),
        "hang": hang,
        "kill_process_once": troubles["kill_process"],
        "fail_once": fail,
    }
    trouble = troubles.get(what) or (first_troubles.get(what) if first else None)
    if trouble:
        trouble()


def hang() -> None:
    """Ignore the soft limit."""
    while True:
        with suppress(SoftTimeLimitExceeded):
            time.sleep(60)


def eat_memory() -> None:
    """Take memory until there is none, or more than any test allows."""
    eaten = []
    for _ in range(64):
        eaten.append(bytearray(64 * 1024 * 1024))  # counted when it is asked for, touched or not
    raise AssertionError("4 GB were given to a task")


def fail() -> None:
    raise ConnectionError("this may pass")


def refuse() -> None:
    raise NotFoundError(kind="practice")


def dying_at(step: str, service: Callable[..., Any], *, after: str = "") -> Callable[..., Any]:
    """The service, at whose beginning (``step``) or end (``after``) a process may be told to die."""

    @wraps(service)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        die_if_told(step)
        outcome = service(*arguments, **options)
        if after:
            die_if_told(after)
        return outcome

    return wrapped


def make_mortal() -> None:
    """Let this worker die at the steps of a check, and this relay between sending and marking."""
    services = eligibility.services
    services.read_first = dying_at("delivered", services.read_first, after="read")
    eligibility.ask_registers = dying_at("started", eligibility.ask_registers, after="asked")
    services.record_run = dying_at("judged", services.record_run, after="recorded")
    signals.task_postrun.connect(die_before_it_is_known)
    relay.hand_over = mortal_hand_over(relay.hand_over)
    relay.LEASE = SHORT_LEASE


def die_before_it_is_known(kwargs: Mapping[str, str], **_: object) -> None:
    """The work is committed, and the broker has not been told."""
    die_if_told("committed", kwargs.get("revision_id", ""))


def mortal_hand_over(hand_over: Callable[..., None]) -> Callable[..., None]:
    """Hand over, and perhaps die after the broker has a message and before that is noted."""

    def wrapped(deliveries: Any, send: Callable[..., None]) -> None:
        def send_and_die(*arguments: Any) -> None:
            send(*arguments)
            die_if_told("sent")

        hand_over(deliveries, send_and_die)

    return wrapped


@signals.worker_init.connect
def begin_mortal_worker(**_: object) -> None:
    """Only in a worker's own process: the tests' process has the real services."""
    make_mortal()


def work_orders(session: Session) -> list[str]:
    """The texts of practice messages that are done, in the order in which they were."""
    done = select(Message).where(Message.topic == TOPIC, Message.done_at.is_not(None))
    return [message.payload["text"] for message in session.scalars(done.order_by(Message.done_at, Message.id))]


if __name__ == "__main__":
    make_mortal()
    relay.main()
