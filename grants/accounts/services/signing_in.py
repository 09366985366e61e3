"""Signing in.

An attempt is counted before the password is looked at and forgiven when it was right: any number of attempts at the
same moment then count like any number one after the other. Attempts use the machine's own time
(``clock.real_now``): moving the demonstration clock neither opens nor prolongs a lock-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from grants import audit
from grants.accounts.domain import (
    FAILURES_PER_EMAIL,
    FAILURES_PER_SOURCE,
    locked_until,
    normal_email,
    password_faults,
)
from grants.accounts.errors import LockedOutError, PasswordTooWeakError, SignInRefusedError
from grants.accounts.models import Person, SignInAttempt
from grants.accounts.queries import list_failures_of_email, list_failures_of_source
from grants.db import lock_one
from grants.kernel.actor import Actor

EMAIL_LENGTH, SOURCE_LENGTH = 254, 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt already counted as a failure. ``password_hash`` is None where nobody can sign in with the address."""

    id: int
    person_id: UUID | None
    password_hash: str | None
    left: int  # further failures until the lock-out


def open_attempt(session: Session, *, email: str, source: str, now: datetime) -> Attempt:
    """Count an attempt to sign in; commit before the password is checked. ``now`` is the machine's own instant.

    Raises:
        LockedOutError: 5 failures with this address or 30 from this source within 15 minutes; nothing is counted.
    """
    address, origin = normal_email(email)[:EMAIL_LENGTH], source[:SOURCE_LENGTH]
    lock_one(session, f"sign-in:{address}")
    failures = list_failures_of_email(session, address, now=now)
    until = locked_until(failures, allowed=FAILURES_PER_EMAIL, now=now) or locked_until(
        list_failures_of_source(session, origin, now=now), allowed=FAILURES_PER_SOURCE, now=now
    )
    if until is not None:
        raise LockedOutError(until=until.isoformat())
    counted = SignInAttempt(email=address, source=origin, succeeded=False, at=now)
    session.add(counted)
    session.flush()
    known = session.execute(
        select(Person.id, Person.password_hash).where(Person.email == address, Person.disabled_at.is_(None))
    ).one_or_none()
    person_id, password_hash = known if known is not None else (None, None)
    return Attempt(counted.id, person_id, password_hash, FAILURES_PER_EMAIL - len(failures) - 1)


def withdraw_attempt(session: Session, attempt: Attempt) -> None:
    """Forget a counted attempt whose password nobody could look at, because too many were being checked."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt.id))


def confirm(session: Session, attempt: Attempt, *, fits: bool, better_hash: str | None) -> Person:
    """Forgive a counted attempt whose password was right and keep the better hash.

    Returns the person with roles and memberships. Raises SignInRefusedError where the password did not fit or the
    account has been closed or given another password meanwhile.
    """
    query = (
        select(Person)
        .where(Person.id == attempt.person_id, Person.disabled_at.is_(None))
        .where(Person.password_hash == attempt.password_hash)
        .options(selectinload(Person.role_grants), selectinload(Person.memberships))
        .with_for_update(of=Person)
    )
    person = session.scalars(query).one_or_none() if fits else None
    if person is None:
        raise SignInRefusedError(left=attempt.left)
    session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt.id).values(succeeded=True))
    if better_hash is not None:
        person.password_hash = better_hash
    return person


def admit(session: Session, attempt: Attempt, *, fits: bool, better_hash: str | None, now: datetime) -> Person:
    """``confirm``, recorded as a sign-in."""
    person = confirm(session, attempt, fits=fits, better_hash=better_hash)
    audit.record(session, Actor(person.id, person.name), "person.signed_in", ("person", person.id), at=now)
    return person


def require_strong_password(password: str, *, email: str, name: str) -> None:
    """Raises PasswordTooWeakError with the codes of the rules a new password breaks."""
    faults = password_faults(password, email=email, name=name)
    if faults:
        raise PasswordTooWeakError(faults=list(faults))
