"""Deadlines that were moved: ``deadline.extended`` -> the drafts concerned follow, their units are told; reminders
before a deadline; and the last days of the office's steps."""

from uuid import UUID

from sqlalchemy import true

from grants.applications import services
from grants.calls.queries import get_extension
from grants.db import reading, writing
from grants.kernel.clock import utc_now
from workers.base import PeriodicTask, finishing, outbox_task
from workers.celery_app import celery


@outbox_task("applications.follow_extension")
def follow_extension(*, message_id: str, extension_id: str) -> None:
    """Let the drafts of a call follow, in one transaction; a second delivery changes nothing."""
    with finishing(message_id) as session:
        extension = get_extension(session, UUID(extension_id), visible=true())
        services.follow_extension(session, extension, now=utc_now())


@celery.task(name="applications.remind", base=PeriodicTask, bind=False)
def remind() -> None:
    """Each minute: remind of drafts whose close is 7, 3 or 1 working days away, a hundred of one day at a time."""
    with writing() as session:
        services.remind_of_drafts(session, now=utc_now())


@celery.task(name="applications.move_last_days", base=PeriodicTask, bind=False)
def move_last_days() -> None:
    """Every ten minutes: keep the last days of open cases in step with calendar and calls; writes where one moved."""
    after: UUID | None = None
    while True:
        with reading() as session:
            moved, after = services.find_moved_last_days(session, after=after)
        if moved:
            with writing() as session:
                services.move_last_days(session, moved)
        if after is None:
            return
