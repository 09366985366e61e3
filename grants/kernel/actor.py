"""Who acts: a person with grants of roles, each limited to a scope. Policies ask an actor; they never ask the web."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Roles of decision 10. ENTERPRISE covers the memberships of an organisation; SYSTEM is a worker."""

    ENTERPRISE = "enterprise"
    DISTRICT_OFFICER = "district_officer"
    OFFICER = "officer"
    EXPERT = "expert"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"


STAFF_ROLES = frozenset({Role.DISTRICT_OFFICER, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR})
ANYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role within one scope: ``*``, a call's reference, a district code, or an organisation's id as text."""

    role: Role
    scope: str = ANYWHERE
    limit_fen: int | None = None  # approver: the largest single award they may approve; None is without limit
    level: str = ""  # enterprise: owner, editor, signatory or reader


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, the system, or nobody (``person_id`` None and no grants)."""

    person_id: UUID | None = None
    name: str = ""
    grants: tuple[Grant, ...] = field(default=())

    @property
    def is_anonymous(self) -> bool:
        return self.person_id is None and not self.grants

    @property
    def label(self) -> str:
        """How the audit log names the actor."""
        return "system" if self.has(Role.SYSTEM) else str(self.person_id or "anonymous")

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds any of ``roles``, in whatever scope."""
        return any(grant.role in roles for grant in self.grants)

    def scopes(self, role: Role) -> frozenset[str]:
        """The scopes in which the actor holds ``role``."""
        return frozenset(grant.scope for grant in self.grants if grant.role is role)

    def covers(self, role: Role, scope: str) -> bool:
        """Whether the actor holds ``role`` for this scope or everywhere."""
        held = self.scopes(role)
        return ANYWHERE in held or scope in held

    def organisation_ids(self, *levels: str) -> frozenset[UUID]:
        """Organisations the person belongs to, with one of ``levels`` where any are named."""
        return frozenset(
            UUID(grant.scope)
            for grant in self.grants
            if grant.role is Role.ENTERPRISE and (not levels or grant.level in levels)
        )

    def is_staff(self) -> bool:
        """Whether the actor stands on the office's side (experts do not)."""
        return self.has(*STAFF_ROLES)


ANONYMOUS = Actor()
SYSTEM = Actor(name="系统", grants=(Grant(Role.SYSTEM),))
