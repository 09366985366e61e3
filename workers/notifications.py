"""Delivering mails: ``mail.requested`` -> an SMTP server or a folder."""

from uuid import UUID

from flask import current_app

from grants import notifications
from grants.config import Settings
from grants.db import reading, writing
from grants.kernel.clock import real_now
from workers.base import finishing, outbox_task


@outbox_task("notifications.deliver_mail")
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
        notifications.mark_delivered(session, envelope.id, at=real_now())
