"""``notify``: the one way to tell somebody something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import uuid7
from grants.notifications.catalogue import require_known
from grants.notifications.choices import Manner, manners_of, next_digest_at
from grants.notifications.letters import write_letter, write_part
from grants.notifications.models import InboxItem, Mail

BATCH = 500
STRANGER = "您好"  # who gets a mail without having an account


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell: who reads the inbox, where the mail goes, how it addresses them."""

    person_id: UUID
    email: str
    name: str


def notify(
    session: Session,
    *,
    event_key: str,
    kind: str,
    recipients: Sequence[Recipient],
    facts: Mapping[str, str],
    path: str,
    now: datetime,
) -> None:
    """Tell each recipient once per ``event_key`` (at most 120 characters): inbox row, mail, ``mail.requested``.

    Whoever chose so gets the mail with the next digest, or none; see ``choices``.

    ``path`` is where it leads on this site. All in the caller's transaction; a second call for the same event adds
    only those who have not been told. Raises KeyError for a kind without catalogue entry, ValueError where ``name``
    or ``ref`` is missing.
    """
    require_known(kind, facts)
    people = list({recipient.person_id: recipient for recipient in recipients}.values())
    for start in range(0, len(people), BATCH):
        _tell(session, people[start : start + BATCH], event_key, kind, dict(facts), path, now)


def send_secret(
    session: Session,
    *,
    event_key: str,
    kind: str,
    to_address: str,
    facts: Mapping[str, str],
    path: str,
    now: datetime,
    to_name: str = STRANGER,
) -> None:
    """Mail somebody a link that is worth a key (``path`` holds a token); at once, whatever they have chosen.

    There is no inbox row, since whoever reads the inbox need not be whoever reads the mailbox, and the mail's words are
    forgotten once it was taken. Raises as ``notify``.
    """
    require_known(kind, facts)
    letter = write_letter(kind, facts, to=to_name, path=path)
    mail = {
        "id": uuid7(),
        "event_key": event_key,
        "created_at": now,
        "attempts": 0,
        "to_address": to_address,
        "addressed_to": to_name,
        "subject": letter.subject,
        "body": letter.body,
        "is_secret": True,
    }
    for mail_id in _insert_new(session, Mail, ("to_address", "event_key"), [mail]):
        outbox.publish(session, "mail.requested", {"mail_id": str(mail_id)})


def _tell(
    session: Session,
    people: Sequence[Recipient],
    event_key: str,
    kind: str,
    facts: dict[str, str],
    path: str,
    now: datetime,
) -> None:
    shared = {"event_key": event_key, "created_at": now}
    items = [
        {**shared, "id": uuid7(), "person_id": person.person_id, "kind": kind, "facts": facts, "path": path}
        for person in people
    ]
    told = set(_insert_new(session, InboxItem, ("person_id", "event_key"), items))
    manners = manners_of(session, kind, [person.person_id for person in people])
    mails = [
        {**shared, "id": uuid7(), "attempts": 0, **_words(person, kind, facts, path, manner, now)}
        for person, item in zip(people, items, strict=True)
        if item["id"] in told and (manner := manners.get(person.person_id, Manner.AT_ONCE)) is not Manner.NEVER
    ]
    held = {mail["id"] for mail in mails if mail["held_until"]}
    for mail_id in _insert_new(session, Mail, ("to_address", "event_key"), mails):
        if mail_id not in held:
            outbox.publish(session, "mail.requested", {"mail_id": str(mail_id)})


def _words(
    person: Recipient, kind: str, facts: Mapping[str, str], path: str, manner: Manner, now: datetime
) -> dict[str, Any]:
    """What is written to a person: a letter of its own, or its part of the next digest."""
    if manner is Manner.DAILY:
        letter, held_until = write_part(kind, facts, path=path), next_digest_at(now)
    else:
        letter, held_until = write_letter(kind, facts, to=person.name, path=path), None
    address = {"to_address": person.email, "addressed_to": person.name}
    return {**address, "subject": letter.subject, "body": letter.body, "held_until": held_until}


def _insert_new(
    session: Session, entity: type[InboxItem] | type[Mail], unique: tuple[str, ...], rows: list[dict[str, Any]]
) -> Sequence[UUID]:
    """Insert the rows that are new by ``unique``; returns their ids in the order of making."""
    if not rows:
        return ()
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = upsert(entity).values(rows).on_conflict_do_nothing(index_elements=unique)
    return sorted(session.execute(statement.returning(entity.id)).scalars())
