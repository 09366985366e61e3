"""Who a session belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from grants.accounts.models import Membership, Person, PersonSession, RoleGrant
from grants.accounts.states import lets_act
from grants.kernel.actor import Actor, Grant, Role
from grants.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What flask-login keeps for a request. ``get_id`` is what the signed cookie holds: the id of the session's row, so
    that a cookie is worth nothing once the row is gone, whoever kept a copy of it."""

    actor: Actor
    session_id: UUID
    seen_on: date
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return str(self.session_id)


def find_signed_in(session: Session, key: str) -> SignedIn | None:
    """Who a session's id belongs to, with roles and memberships, in one query; None when the session is over.

    Every request begins with this, so it reads columns: mapped objects cost three times as much.
    """
    session_id = _uuid(key)
    rows = session.execute(_SIGNED_IN, {"session_id": session_id}).all() if session_id else ()
    if not rows:
        return None
    roles = dict.fromkeys((row.role, row.scope, row.limit_fen) for row in rows if row.role is not None)
    memberships = dict.fromkeys(
        (row.organisation_id, row.level)
        for row in rows
        if row.organisation_id is not None and lets_act(row.state, row.may_draft)
    )
    grants = [Grant(role, scope, limit_fen=limit_fen) for role, scope, limit_fen in roles]
    grants += [Grant(Role.ENTERPRISE, str(organisation_id), level=level) for organisation_id, level in memberships]
    return SignedIn(Actor(rows[0].id, rows[0].name, tuple(grants)), rows[0].session_id, rows[0].seen_on)


def signed_in(person: Person, begun: PersonSession) -> SignedIn:
    """The person as flask-login keeps them."""
    return SignedIn(actor_of(person), begun.id, begun.seen_on)


def list_sessions(session: Session, person_id: UUID) -> Sequence[PersonSession]:
    """Where a person is signed in, latest first."""
    query = select(PersonSession).where(PersonSession.person_id == person_id)
    return session.scalars(query.order_by(PersonSession.begun_at.desc(), PersonSession.id)).all()


def get_session(session: Session, session_id: UUID, person_id: UUID) -> PersonSession:
    """One of a person's own sessions; raises NotFoundError for anybody else's."""
    query = select(PersonSession).where(PersonSession.id == session_id, PersonSession.person_id == person_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(session=str(session_id))
    return found


def actor_of(person: Person) -> Actor:
    """The person with every grant in force: roles, and the organisations the person acts for (``Membership.acts``)."""
    grants = [Grant(g.role, g.scope, limit_fen=g.limit_fen) for g in person.role_grants]
    grants += [_enterprise_grant(m) for m in person.memberships if m.acts]
    return Actor(person.id, person.name, tuple(grants))


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None  # a cookie of before sessions were rows


def _enterprise_grant(membership: Membership) -> Grant:
    return Grant(Role.ENTERPRISE, str(membership.organisation_id), level=membership.level)


_SIGNED_IN = (
    select(
        Person.id,
        Person.name,
        PersonSession.id.label("session_id"),
        PersonSession.seen_on,
        RoleGrant.role,
        RoleGrant.scope,
        RoleGrant.limit_fen,
        Membership.organisation_id,
        Membership.level,
        Membership.state,
        Membership.may_draft,
    )
    .join(PersonSession, PersonSession.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .where(Person.disabled_at.is_(None), PersonSession.id == bindparam("session_id"))
)
