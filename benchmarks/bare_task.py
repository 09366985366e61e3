"""The bare limit of the workers: a Celery task that selects, updates and commits one row, through the same broker."""

from __future__ import annotations

import os

import psycopg
from celery import Celery
from kombu import Exchange, Queue

NAME = "bare.touch"
_kept: list[psycopg.Connection] = []


def queue_name() -> str:
    """The queue of this run."""
    return f"{os.environ['INSTANCE']}.bare"


celery = Celery("bare", broker=os.environ.get("BROKER_URL"), set_as_current=False)
celery.conf.update(
    task_queues=[Queue(queue_name(), Exchange(queue_name(), type="direct"), routing_key=queue_name())],
    task_default_queue=queue_name(),
    task_default_exchange=queue_name(),
    task_default_routing_key=queue_name(),
    control_exchange=f"{queue_name()}.control",
    event_exchange=f"{queue_name()}.events",
    event_queue_prefix=f"{queue_name()}.events",
    worker_prefetch_multiplier=1,
    task_acks_late=True,
    task_ignore_result=True,
)


@celery.task(name=NAME)
def touch(number: int) -> None:
    """Read one row, note when, commit."""
    if not _kept:
        _kept.append(psycopg.connect(os.environ["DATABASE_URL"]))
    connection = _kept[0]
    connection.execute("SELECT content FROM bare_case WHERE id = %s", (number,)).fetchone()
    connection.execute("UPDATE bare_case SET done_at = clock_timestamp() WHERE id = %s", (number,))
    connection.commit()
