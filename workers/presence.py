"""Forgetting who had a draft open."""

from grants.applications import services
from grants.db import writing
from grants.kernel.clock import utc_now
from workers.base import PeriodicTask
from workers.celery_app import celery


@celery.task(name="presence.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Each hour: delete who was last seen in a draft more than an hour ago."""
    with writing() as session:
        services.sweep_presence(session, now=utc_now())
