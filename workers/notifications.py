"""Delivering mails: ``mail.requested`` -> an SMTP server or a folder; each morning the digests."""

from collections.abc import Mapping
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from grants import notifications
from grants.config import Settings
from grants.db import reading, writing
from grants.kernel.clock import real_now, utc_now
from workers.base import PeriodicTask, finishing, outbox_task
from workers.celery_app import celery


def mark_mail_failed(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The end of a mail that reaches nobody: the office sees that the address fails."""
    notifications.mark_failed(session, UUID(payload["mail_id"]), at=real_now())


@outbox_task("notifications.deliver_mail", final_failure=mark_mail_failed)
def deliver_mail(*, message_id: str, mail_id: str) -> None:
    """Deliver one mail, outside any transaction; a second message for it finds it delivered and does nothing."""
    settings: Settings = current_app.extensions["settings"]
    with reading() as session:
        envelope = notifications.get_envelope(session, UUID(mail_id))
    if envelope.is_delivered:
        return
    try:
        notifications.deliver(envelope, settings.mail_url)
    except (OSError, notifications.MailRefusedError) as error:  # shown to operators; the base plans what follows
        with writing() as session:
            notifications.note_failure(session, envelope.id, error=f"{type(error).__name__}: {error}")
        raise
    with finishing(message_id) as session:
        in_folder = settings.mail_url.startswith("folder:")
        notifications.mark_delivered(session, envelope.id, at=real_now(), keeps_words=in_folder)


@celery.task(name="notifications.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Each minute: send the digests that are due."""
    with writing() as session:
        notifications.send_digests(session, now=utc_now())
