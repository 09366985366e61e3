"""People, organisations, memberships, grants of roles, sign-in attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.states import Level, MembershipState, lets_act
from grants.db import Base, BigId, Json, StrEnumType, UtcDateTime, uuid7
from grants.kernel.actor import Role


class Person(Base):
    """Somebody who can sign in. ``session_epoch`` is part of every session: raising it signs out everywhere."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(30), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    session_epoch: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="person", foreign_keys="Membership.person_id")
    role_grants: Mapped[list[RoleGrant]] = relationship(back_populates="person", foreign_keys="RoleGrant.person_id")


class Organisation(Base):
    """A unit with its 统一社会信用代码. ``profile`` holds section A of the definitions by field key."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    profile: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")


class Membership(Base):
    """A person acts for an organisation, once an officer has seen the licence or the authorisation letter.

    ``may_draft``: who brought a new credit code may draft before that, until somebody else of the organisation is
    verified; whoever joins a known code sees nothing of it before. ``stated_name``: the unit's name as this person
    typed it.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id"),
        CheckConstraint("state NOT IN ('verified', 'refused') OR decided_at IS NOT NULL", name="decided_when_judged"),
        Index("ix_membership_queue", "state", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    level: Mapped[Level] = mapped_column(StrEnumType(Level))
    state: Mapped[MembershipState] = mapped_column(StrEnumType(MembershipState), default=MembershipState.UNVERIFIED)
    may_draft: Mapped[bool] = mapped_column(default=False)
    stated_name: Mapped[str] = mapped_column(String(120), default="")
    proof_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")

    @property
    def acts(self) -> bool:
        """Whether the person may act for the organisation now; drafting counts, submitting asks for more."""
        return lets_act(self.state, self.may_draft)


class RoleGrant(Base):
    """A role on the office's or the experts' side, within a scope: ``*``, a call's reference or a district code."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "scope"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(StrEnumType(Role))
    scope: Mapped[str] = mapped_column(String(64), default="*")
    limit_fen: Mapped[int | None] = mapped_column(BigInteger)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="role_grants", foreign_keys=[person_id])


class SignInAttempt(Base):
    """One attempt to sign in, by the address typed and where it came from; lock-outs are counted from these rows."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_email", "email", "at"),
        Index("ix_sign_in_attempt_source", "source", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    source: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
