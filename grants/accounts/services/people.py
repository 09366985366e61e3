"""Making people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants.accounts.domain import normal_email, valid_email
from grants.accounts.models import Person
from grants.accounts.queries import find_person_by_email
from grants.accounts.services.passwords import hash_password
from grants.accounts.services.signing_in import require_strong_password
from grants.kernel.errors import InvalidError


def create_person(session: Session, *, name: str, email: str, password: str, now: datetime, phone: str = "") -> Person:
    """Make somebody who can sign in, without any role. For the command line and for demonstration data.

    Raises:
        InvalidError: ``email_invalid`` or ``email_taken``.
        PasswordTooWeakError: with the codes of the rules it breaks.
    """
    address = normal_email(email)
    if not valid_email(address):
        raise InvalidError("email_invalid")
    require_strong_password(password, email=address, name=name)
    return add_person(session, name=name, email=address, password_hash=hash_password(password), now=now, phone=phone)


def add_person(
    session: Session, *, name: str, email: str, password_hash: str, now: datetime, phone: str = ""
) -> Person:
    """Add a person whose password has been hashed already; raises InvalidError (``email_taken``)."""
    address = normal_email(email)
    if find_person_by_email(session, address) is not None:
        raise InvalidError("email_taken")
    person = Person(email=address, name=name.strip(), phone=phone, password_hash=password_hash, created_at=now)
    session.add(person)
    session.flush()
    return person
