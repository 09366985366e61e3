"""Sweeping uploads: what nobody goes on with is forgotten after a day, and the bytes of what has arrived at once."""

from grants import documents
from grants.applications import services
from grants.db import reading, writing
from grants.kernel.clock import utc_now
from workers.base import PeriodicTask
from workers.celery_app import celery


@celery.task(name="uploads.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Forget the rows first, then remove every part that no row waits for; a row is always there before its part."""
    with writing() as session:
        services.delete_abandoned_uploads(session, now=utc_now())
    parts = documents.current_parts()
    lying = parts.list()
    with reading() as session:
        wanted = services.wanted_parts(session, lying)
    for upload_id in set(lying) - wanted:
        parts.remove(upload_id)
