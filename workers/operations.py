"""Watching over the work itself: administrators are told of what was given up, bytes that are nobody's go."""

import structlog

from grants.db import writing
from grants.kernel.clock import real_now, utc_now
from grants.ops.alerts import alert_of_dead
from grants.ops.storage import look_for_orphans, remove_orphans
from workers.base import PeriodicTask
from workers.celery_app import celery

log = structlog.get_logger(__name__)


@celery.task(name="operations.alert", base=PeriodicTask, bind=False)
def alert() -> None:
    """Each minute: tell of what was given up, once per kind and hour."""
    with writing() as session:
        alert_of_dead(session, real_now=real_now(), now=utc_now())


@celery.task(name="operations.sweep_orphans", base=PeriodicTask, bind=False)
def sweep_orphans() -> None:
    """Each day: remove stored bytes that no file has had for a week; log how many files lack theirs."""
    now = real_now()
    orphans = look_for_orphans(real_now=now)
    removed = remove_orphans(orphans, real_now=now)
    log.info("looked for orphans", bytes_without_file=len(orphans.bytes_alone), removed=removed)
    if orphans.rows_alone:
        log.error("files without bytes", files=sum(orphans.rows_alone.values()), sha256=sorted(orphans.rows_alone)[:20])
