"""A topic and a task of the tests' own, so that workers can be tried whatever the stages do.

``celery --app tests.support.practice`` is a worker that knows it, ``python -m tests.support.practice`` a relay.
Each run adds a line to the file ``runs`` of its folder; the effect is one audit entry per text, however often it runs.
"""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.kernel.errors import NotFoundError
from grants.outbox import TOPICS, Lane
from workers import relay
from workers.base import finishing, outbox_task
from workers.celery_app import celery

__all__ = ["celery", "effects", "note"]

TOPIC = "practice.requested"
TOPICS[TOPIC] = Lane.INTERACTIVE
relay.ROUTES[TOPIC] = "practice.note"


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


@outbox_task("practice.note", final_failure=give_up, pauses_s=(0.1, 0.1))
def note(*, message_id: str, text: str, folder: str, what: str = "") -> None:
    """Note ``text``; ``what``: ``slow`` takes two seconds, ``hang`` for ever the first time; others fail as named."""
    runs = Path(folder) / "runs"
    with runs.open("a") as file:
        file.write(f"{text}\n")
    first = runs.read_text().splitlines().count(text) == 1
    if what == "slow" and first:
        time.sleep(2)
    while what == "hang" and first:
        with suppress(SoftTimeLimitExceeded):
            time.sleep(60)
    if what == "kill_process" or (what == "kill_process_once" and first):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "fail" or (what == "fail_once" and first):
        raise ConnectionError("this may pass")
    if what == "refuse":
        raise NotFoundError(kind="practice")
    with finishing(message_id) as session:
        add_entry(session, "practice.noted", text, at=real_now())


if __name__ == "__main__":
    relay.main()
