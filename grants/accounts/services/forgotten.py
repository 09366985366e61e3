"""Forgotten passwords: whoever asks gets the same answer in the same time; who has an account gets a mail.

Asking only writes down the address and its source; a worker looks whether anybody has it. Like attempts to sign in,
all of it follows the machine's own time (``clock.real_now``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts.domain import normal_email
from grants.accounts.errors import AskedTooOftenError, ResetLinkError
from grants.accounts.models import PasswordReset, Person, SignInAttempt
from grants.accounts.queries import find_person_by_email
from grants.accounts.services.sessions import change_password
from grants.accounts.services.signing_in import EMAIL_LENGTH, SOURCE_LENGTH
from grants.accounts.services.tokens import hash_of, make_token
from grants.db import lock_one
from grants.kernel.actor import SYSTEM, Actor
from grants.kernel.clock import SHANGHAI
from grants.notifications import send_secret

LINK_LIFE = timedelta(minutes=30)
ASK_WINDOW = timedelta(hours=1)
ASKED_PER_EMAIL, ASKED_PER_SOURCE = 3, 20
KEPT_FOR = timedelta(days=1)


def ask_for_reset(session: Session, *, email: str, source: str, now: datetime) -> None:
    """Write down that a new password is wanted for an address, known or not; publishes ``password.forgotten``.

    Raises:
        AskedTooOftenError: three times for this address or twenty from this source within an hour.
    """
    address, origin = normal_email(email)[:EMAIL_LENGTH], source[:SOURCE_LENGTH]
    lock_one(session, f"forgotten:{address}")
    recent = PasswordReset.asked_at > now - ASK_WINDOW
    for condition, allowed in (
        (PasswordReset.email == address, ASKED_PER_EMAIL),
        (PasswordReset.source == origin, ASKED_PER_SOURCE),
    ):
        if (session.scalar(select(func.count()).where(recent, condition)) or 0) >= allowed:
            raise AskedTooOftenError
    asked = PasswordReset(email=address, source=origin, asked_at=now)
    session.add(asked)
    session.flush()
    outbox.publish(session, "password.forgotten", {"reset_id": str(asked.id)})


def send_reset_link(session: Session, reset_id: UUID, *, now: datetime) -> None:
    """Mail a link to whoever has the address that was asked for; nobody has it, or asked long ago: do nothing.

    A new link makes those before it worthless; what is older than a day is deleted. Twice for one request sends once.
    """
    session.execute(delete(PasswordReset).where(PasswordReset.asked_at <= now - KEPT_FOR))
    asked = session.scalars(select(PasswordReset).where(PasswordReset.id == reset_id).with_for_update()).one_or_none()
    if asked is None or asked.token_hash is not None:
        return
    person = find_person_by_email(session, asked.email)
    if person is None or person.disabled_at is not None:
        return
    former = update(PasswordReset).where(PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None))
    session.execute(former.values(used_at=now).execution_options(synchronize_session=False))
    token, asked.token_hash = make_token()
    asked.person_id, asked.expires_at = person.id, now + LINK_LIFE
    session.flush()
    audit.record(session, SYSTEM, "person.reset_requested", ("person", person.id), at=now)
    until = asked.expires_at.astimezone(SHANGHAI)
    send_secret(
        session,
        event_key=f"reset:{asked.id}",
        kind="password.reset_requested",
        to_address=person.email,
        to_name=person.name,
        facts={"name": person.name, "ref": person.email, "until": f"{until:%H:%M}"},
        path=f"/forgotten/{token}",
        now=now,
    )


def owner_of_link(session: Session, token: str, *, now: datetime) -> Person:
    """Whose password a link sets. Raises ResetLinkError: unknown, used, replaced by a newer one, or over."""
    query = (
        select(Person)
        .join(PasswordReset, PasswordReset.person_id == Person.id)
        .where(PasswordReset.token_hash == hash_of(token), PasswordReset.used_at.is_(None))
        .where(PasswordReset.expires_at > now, Person.disabled_at.is_(None))
    )
    person = session.scalars(query).one_or_none()
    if person is None:
        raise ResetLinkError
    return person


def reset_password(session: Session, token: str, *, new_hash: str, now: datetime) -> Person:
    """Set another password by a link and end every session; failed attempts to sign in are forgiven.

    Raises ResetLinkError: used meanwhile, or as ``owner_of_link``.
    """
    used = (
        update(PasswordReset)
        .where(PasswordReset.token_hash == hash_of(token), PasswordReset.used_at.is_(None))
        .where(PasswordReset.expires_at > now)
        .values(used_at=now)
        .returning(PasswordReset.person_id)
        .execution_options(synchronize_session=False)
    )
    person_id = session.execute(used).scalar_one_or_none()
    person = session.get(Person, person_id) if person_id else None
    if person is None or person.disabled_at is not None:
        raise ResetLinkError
    session.add(SignInAttempt(email=person.email, source="", succeeded=True, at=now))
    return change_password(session, person, new_hash=new_hash, actor=Actor(person.id, person.name), now=now)
