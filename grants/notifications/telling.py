"""``notify``: the one way to tell somebody something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import in_one_go, uuid7
from grants.notifications.catalogue import require_known
from grants.notifications.choices import Manner, manners_of, next_digest_at
from grants.notifications.letters import write_letter, write_part
from grants.notifications.models import InboxItem, Mail

BATCH = 500
ITEMS: Any = InboxItem.__table__  # statements on the tables themselves take half the time
MAILS: Any = Mail.__table__
ADD_ITEM, ADD_MAIL = insert(ITEMS), insert(MAILS)
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
    is_new: bool = False,
) -> None:
    """Tell each recipient once per ``event_key`` (at most 120 characters): inbox row, mail, ``mail.requested``.

    Whoever chose so gets the mail with the next digest, or none; see ``choices``.

    ``path`` is where it leads on this site. All in the caller's transaction; a second call for the same event adds
    only those who have not been told, unless the caller knows that nobody can have been: ``is_new``, the event came
    about in this very transaction. Raises KeyError for a kind without catalogue entry, ValueError where ``name``
    or ``ref`` is missing.
    """
    require_known(kind, facts)
    people = list({recipient.person_id: recipient for recipient in recipients}.values())
    tell = _tell_news if is_new else _tell
    for start in range(0, len(people), BATCH):
        tell(session, _Event(event_key, kind, dict(facts), path, now), people[start : start + BATCH])


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
    """Mail somebody a link that is worth a key (``path`` holds a token); at once, whatever they have chosen, and as
    interactive work: somebody waits for it at the screen, which nobody does for other mails.

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
        outbox.publish(session, "mail.requested", {"mail_id": str(mail_id)}, lane=outbox.Lane.INTERACTIVE)


@dataclass(frozen=True, slots=True)
class _Event:
    """What is told."""

    key: str
    kind: str
    facts: dict[str, str]
    path: str
    at: datetime

    def item(self, person: Recipient) -> dict[str, Any]:
        """The row of a person's inbox."""
        item = {"id": uuid7(), "person_id": person.person_id, "event_key": self.key, "kind": self.kind}
        return {**item, "facts": self.facts, "path": self.path, "created_at": self.at}

    def mail(self, person: Recipient, manner: Manner) -> dict[str, Any]:
        """What is written to a person: a letter of its own, or their part of the next digest."""
        if manner is Manner.DAILY:
            letter, held_until = write_part(self.kind, self.facts, path=self.path), next_digest_at(self.at)
        else:
            letter, held_until = write_letter(self.kind, self.facts, to=person.name, path=self.path), None
        mail = {"id": uuid7(), "event_key": self.key, "created_at": self.at, "attempts": 0, "held_until": held_until}
        address = {"to_address": person.email, "addressed_to": person.name}
        return {**mail, **address, "subject": letter.subject, "body": letter.body}


def _tell(session: Session, event: _Event, people: Sequence[Recipient]) -> None:
    items = [event.item(person) for person in people]
    told = set(_insert_new(session, InboxItem, ("person_id", "event_key"), items))
    mails = _mails(session, event, [one for one, item in zip(people, items, strict=True) if item["id"] in told])
    held = {mail["id"] for mail in mails if mail["held_until"]}
    for mail_id in _insert_new(session, Mail, ("to_address", "event_key"), mails):
        if mail_id not in held:
            outbox.publish(session, "mail.requested", {"mail_id": str(mail_id)})


def _tell_news(session: Session, event: _Event, people: Sequence[Recipient]) -> None:
    """As ``_tell`` where nobody can have been told: nothing need be answered, so everything is sent in one go. Two
    people may share an address: that gets one mail."""
    if not people:
        return
    mails = {mail["to_address"]: mail for mail in reversed(_mails(session, event, people))}
    at_once = [{"mail_id": str(mail["id"])} for mail in mails.values() if not mail["held_until"]]
    with in_one_go(session) as connection:
        for person in people:
            connection.execute(ADD_ITEM, event.item(person))
        for mail in mails.values():
            connection.execute(ADD_MAIL, mail)
        outbox.publish_all(session, "mail.requested", sorted(at_once, key=lambda payload: payload["mail_id"]))


def _mails(session: Session, event: _Event, people: Sequence[Recipient]) -> list[dict[str, Any]]:
    """The mails to those people who want one."""
    manners = manners_of(session, event.kind, [person.person_id for person in people])
    wanted = [(person, manners.get(person.person_id, Manner.AT_ONCE)) for person in people]
    return [event.mail(person, manner) for person, manner in wanted if manner is not Manner.NEVER]


def _insert_new(
    session: Session, entity: type[InboxItem] | type[Mail], unique: tuple[str, ...], rows: list[dict[str, Any]]
) -> Sequence[UUID]:
    """Insert the rows that are new by ``unique``; returns their ids in the order of making."""
    if not rows:
        return ()
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = upsert(entity).values(rows).on_conflict_do_nothing(index_elements=unique)
    return sorted(session.execute(statement.returning(entity.id)).scalars())
