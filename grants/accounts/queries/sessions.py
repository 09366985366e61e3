"""Who a session belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.models import Membership, Person, RoleGrant
from grants.accounts.states import lets_act
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
    """Who a session key belongs to, with roles and memberships, in one query; None when the session is over.

    Every request begins with this, so it reads columns: mapped objects cost three times as much.
    """
    person_text, _, epoch = key.rpartition(":")
    rows = session.execute(_SIGNED_IN.where(Person.id == UUID(person_text))).all()
    if not rows or str(rows[0].session_epoch) != epoch:
        return None
    roles = dict.fromkeys((row.role, row.scope, row.limit_fen) for row in rows if row.role is not None)
    memberships = dict.fromkeys(
        (row.organisation_id, row.level)
        for row in rows
        if row.organisation_id is not None and lets_act(row.state, row.may_draft)
    )
    grants = [Grant(role, scope, limit_fen=limit_fen) for role, scope, limit_fen in roles]
    grants += [Grant(Role.ENTERPRISE, str(organisation_id), level=level) for organisation_id, level in memberships]
    return SignedIn(Actor(rows[0].id, rows[0].name, tuple(grants)), rows[0].session_epoch)


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


_SIGNED_IN = (
    select(
        Person.id,
        Person.name,
        Person.session_epoch,
        RoleGrant.role,
        RoleGrant.scope,
        RoleGrant.limit_fen,
        Membership.organisation_id,
        Membership.level,
        Membership.state,
        Membership.may_draft,
    )
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .where(Person.disabled_at.is_(None))
)
