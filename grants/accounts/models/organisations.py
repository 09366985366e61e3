"""Units, who acts for them, and who was asked to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.states import InvitationState, Level, MembershipState, lets_act
from grants.db import Base, StrEnumType, UtcDateTime, uuid7

if TYPE_CHECKING:
    from grants.accounts.models.people import Person

IS_OPEN = text("state = 'open'")


class Organisation(Base):
    """A unit with its 统一社会信用代码."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")


class Membership(Base):
    """A person acts for an organisation, once an officer has seen the licence or the authorisation letter, or a
    verified owner of the organisation has vouched for them (``vouched_by``).

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
    vouched_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
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


class Invitation(Base):
    """An owner asks somebody, by e-mail, to act for the organisation. Of the token only its SHA-256 is kept.

    Open past ``expires_at`` means expired; inviting the same address again renews the row with another token.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_iff_closed"),
        CheckConstraint("(state = 'accepted') = (accepted_by IS NOT NULL)", name="accepted_by_iff_accepted"),
        Index(
            "uq_invitation_open",
            "organisation_id",
            "email",
            unique=True,
            postgresql_where=IS_OPEN,
            sqlite_where=IS_OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    level: Mapped[Level] = mapped_column(StrEnumType(Level))
    state: Mapped[InvitationState] = mapped_column(StrEnumType(InvitationState), default=InvitationState.OPEN)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation] = relationship()
    inviter: Mapped[Person] = relationship(foreign_keys=[invited_by])
