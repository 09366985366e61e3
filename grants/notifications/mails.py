"""Mails as rows: what is to be delivered, what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session

from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError
from grants.notifications.models import Mail

ERROR_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail, free of the database, for delivery outside a transaction."""

    id: UUID
    to_address: str
    subject: str
    body: str
    created_at: datetime
    is_delivered: bool


def get_envelope(session: Session, mail_id: UUID) -> Envelope:
    """The mail with this id; raises NotFoundError."""
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFoundError(mail=str(mail_id))
    delivered = mail.delivered_at is not None
    return Envelope(mail.id, mail.to_address, mail.subject, mail.body, mail.created_at, delivered)


def list_mails(session: Session, after: str | None = None, before: str | None = None, *, limit: int = 25) -> Page[Mail]:
    """Every mail, latest first; for operators only, the guard of the page sees to that."""
    key = (Mail.created_at, Mail.id)
    return paginate(session, select(Mail), key=key, after=after, before=before, limit=limit, descending=True)


def mark_delivered(session: Session, mail_id: UUID, *, at: datetime, keeps_words: bool = False) -> None:
    """Note that the mail has been taken; the first instant stays. A secret's words are forgotten, unless they lie open
    in a folder anyway (``keeps_words``)."""
    words = Mail.body if keeps_words else case((Mail.is_secret, ""), else_=Mail.body)
    session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.delivered_at.is_(None))
        .values(delivered_at=at, attempts=Mail.attempts + 1, error=None, body=words),
        execution_options={"synchronize_session": False},
    )


def mark_failed(session: Session, mail_id: UUID, *, at: datetime) -> None:
    """Note that a mail was given up; the address is shown to the office until something reaches it again."""
    session.execute(
        update(Mail).where(Mail.id == mail_id, Mail.delivered_at.is_(None)).values(failed_at=at),
        execution_options={"synchronize_session": False},
    )


def failing_addresses(session: Session, addresses: Collection[str] | Select[str]) -> Mapping[str, datetime]:
    """Those of ``addresses`` (or of a query for them) that the last mails could not reach, and since when."""
    last = func.max(Mail.failed_at)
    query = select(Mail.to_address, last).where(Mail.to_address.in_(addresses)).group_by(Mail.to_address)
    reached = func.coalesce(func.max(Mail.delivered_at), last) <= last
    return {address: at for address, at in session.execute(query.having(last.is_not(None), reached)) if at is not None}


def note_failure(session: Session, mail_id: UUID, *, error: str) -> None:
    """Note an attempt that failed, with its error, for the operators' page."""
    session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.delivered_at.is_(None))
        .values(attempts=Mail.attempts + 1, error=error[:ERROR_LENGTH]),
        execution_options={"synchronize_session": False},
    )
