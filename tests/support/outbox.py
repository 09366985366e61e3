"""The outbox run in line: the relay's own code, with a sender that calls the task instead of the broker."""

from collections.abc import Mapping
from typing import Any

from grants.db import db
from grants.kernel.clock import real_now
from grants.outbox import Lane
from workers.celery_app import celery
from workers.relay import relay_once


def call_task(task: str, lane: str, arguments: Mapping[str, Any]) -> None:
    """Stand in for the broker and a worker: run the task at once, in this process and context."""
    celery.tasks[task](**arguments)


def drain_outbox() -> int:
    """Run every due message to its end, and those that come of them; returns how many ran.

    Commits what the test has done so far (into its savepoint) and forgets what its session had loaded.
    """
    celery.loader.import_default_modules()
    db.session.commit()
    ran = 0
    while moved := sum(relay_once(send=call_task, now=real_now(), lane=lane) for lane in Lane):
        ran += moved
    db.session.expire_all()
    return ran
