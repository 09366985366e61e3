"""Watching over the work itself: administrators are told of what was given up."""

from grants.db import writing
from grants.kernel.clock import real_now, utc_now
from grants.ops.alerts import alert_of_dead
from workers.base import PeriodicTask
from workers.celery_app import celery


@celery.task(name="operations.alert", base=PeriodicTask, bind=False)
def alert() -> None:
    """Each minute: tell of what was given up, once per kind and hour."""
    with writing() as session:
        alert_of_dead(session, real_now=real_now(), now=utc_now())
