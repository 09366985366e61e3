"""Who a session belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.models import Membership, Person
from grants.kernel.actor import Actor, Grant, Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What flask-login keeps for a request. ``get_id`` carries the epoch: raising it in the database ends every
    session."""

    actor: Actor
    epoch: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return session_key(self.actor.person_id, self.epoch)


def session_key(person_id: UUID | None, epoch: int) -> str:
    """The text a session cookie holds for a person."""
    return f"{person_id}:{epoch}"


def find_signed_in(session: Session, key: str) -> SignedIn | None:
    """Who a session key belongs to, with roles and memberships, in one query; None when the session is over."""
    person_text, _, epoch = key.rpartition(":")
    query = (
        select(Person)
        .where(Person.id == UUID(person_text), Person.disabled_at.is_(None))
        .options(joinedload(Person.role_grants), joinedload(Person.memberships))
    )
    person = session.scalars(query).unique().one_or_none()
    if person is None or str(person.session_epoch) != epoch:
        return None
    return signed_in(person)


def signed_in(person: Person) -> SignedIn:
    """The person as flask-login keeps them."""
    return SignedIn(actor_of(person), person.session_epoch)


def actor_of(person: Person) -> Actor:
    """The person with every grant in force: roles, and the organisations the person acts for (``Membership.acts``)."""
    grants = [Grant(g.role, g.scope, limit_fen=g.limit_fen) for g in person.role_grants]
    grants += [_enterprise_grant(m) for m in person.memberships if m.acts]
    return Actor(person.id, person.name, tuple(grants))


def _enterprise_grant(membership: Membership) -> Grant:
    return Grant(Role.ENTERPRISE, str(membership.organisation_id), level=membership.level)
