"""Keeping the index of compared texts up to date: what no check has sketched, what is stale, what was withdrawn."""

from grants.db import reading, writing
from grants.eligibility.services import similarity
from grants.kernel.clock import utc_now
from workers.base import PeriodicTask
from workers.celery_app import celery

BATCHES, TEXTS_AT_ONCE = 5, 200  # in one sweep: a few seconds of work


@celery.task(name="texts.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Each hour: sketch texts that are missing from the index or stale, a bounded number; remove withdrawn ones."""
    with writing() as session:
        versions = similarity.comparing_versions(session)
        similarity.refresh_stock(session, versions, now=utc_now())
        similarity.remove_withdrawn(session)
    after = None
    for _ in range(BATCHES):
        with reading() as session:
            batch, left_out = similarity.read_batch(session, versions, after=after, limit=TEXTS_AT_ONCE)
        if not batch:
            return
        sketches = similarity.sketch_batch(batch, left_out, versions)
        with writing() as session:
            similarity.write_batch(session, sketches, now=utc_now())
        after = batch[-1].application_id
