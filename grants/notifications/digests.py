"""The daily digest: everything held for one address in one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import uuid7
from grants.kernel.clock import local_date
from grants.notifications.letters import write_letter
from grants.notifications.models import Mail

KIND = "mail.digest"
INBOX = "/inbox"
MOST = 500  # mails looked at in one go


def send_digests(session: Session, *, now: datetime) -> int:
    """Put what is due into one mail per address and publish its ``mail.requested``; returns how many digests.

    What is in a digest points to it, so that a second run finds nothing.
    """
    due = (
        select(Mail)
        .where(Mail.held_until <= now, Mail.digest_id.is_(None))
        .order_by(Mail.to_address, Mail.created_at, Mail.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    held = session.scalars(due).all()
    digests = [_digest(session, list(mails), now=now) for _, mails in groupby(held, key=lambda mail: mail.to_address)]
    return len(digests)


def _digest(session: Session, mails: Sequence[Mail], *, now: datetime) -> Mail:
    day = local_date(now)
    items = "\n\n".join(f"{number}. {mail.subject}\n{mail.body}" for number, mail in enumerate(mails, 1))
    facts = {"name": str(len(mails)), "ref": f"{day.month}月{day.day}日", "items": items}
    letter = write_letter(KIND, facts, to=mails[0].addressed_to, path=INBOX)
    digest = Mail(
        id=uuid7(),
        event_key=f"{KIND}:{mails[0].id}",
        to_address=mails[0].to_address,
        addressed_to=mails[0].addressed_to,
        subject=letter.subject,
        body=letter.body,
        created_at=now,
    )
    session.add(digest)
    session.flush()
    ids = [mail.id for mail in mails]
    session.execute(update(Mail).where(Mail.id.in_(ids)).values(digest_id=digest.id))
    outbox.publish(session, "mail.requested", {"mail_id": str(digest.id)})
    return digest
