"""Granting and revoking roles of the office's and the experts' side."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts import policies
from grants.accounts.domain import GRANTABLE, valid_scope
from grants.accounts.errors import RoleConflictError
from grants.accounts.models import Person, RoleGrant
from grants.kernel.actor import ANYWHERE, Actor, Role
from grants.kernel.errors import InvalidError


def grant_role(
    session: Session,
    person: Person,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    scope: str = ANYWHERE,
    limit_fen: int | None = None,
) -> RoleGrant:
    """Give a person a role within a scope; what was granted for this scope before gets the new limit.

    ``limit_fen``: for approvers, the largest single award they may approve; None is without limit.

    Raises:
        ForbiddenError: not an administrator, or one's own account.
        InvalidError: ``role_not_grantable``, ``scope_invalid`` or ``limit_only_for_approvers``.
        RoleConflictError: decision 10 excludes the role for this person.
    """
    policies.may_manage_roles(actor, person).require()
    _require_fit(role, scope, limit_fen)
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    session.refresh(person, ["memberships", "role_grants"])
    conflict = policies.role_conflict_of(person, role)
    if conflict:
        raise RoleConflictError(conflict)
    grant = next((g for g in person.role_grants if g.role is role and g.scope == scope), None)
    if grant is None:
        grant = RoleGrant(person=person, role=role, scope=scope)
        session.add(grant)
    grant.limit_fen, grant.granted_by, grant.granted_at = limit_fen, actor.person_id, now
    session.flush()
    _record(session, grant, "role.granted", actor=actor, now=now)
    return grant


def revoke_role(session: Session, grant: RoleGrant, *, actor: Actor, now: datetime) -> None:
    """Take a role away; the person's next request is without it.

    Raises ForbiddenError: not an administrator, or one's own account (so one administrator always remains).
    """
    policies.may_manage_roles(actor, grant.person).require()
    _record(session, grant, "role.revoked", actor=actor, now=now)
    session.delete(grant)
    session.flush()


def _require_fit(role: Role, scope: str, limit_fen: int | None) -> None:
    if role not in GRANTABLE:
        raise InvalidError("role_not_grantable")
    if not valid_scope(role, scope):
        raise InvalidError("scope_invalid")
    if limit_fen is not None and (role is not Role.APPROVER or limit_fen <= 0):
        raise InvalidError("limit_only_for_approvers")


def _record(session: Session, grant: RoleGrant, kind: str, *, actor: Actor, now: datetime) -> None:
    detail = {"role": str(grant.role), "scope": grant.scope, "limit_fen": grant.limit_fen}
    audit.record(session, actor, kind, ("person", grant.person_id), at=now, detail=detail)
