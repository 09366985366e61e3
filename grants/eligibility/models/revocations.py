"""What one person proposes against an acceptance, and what another has said to it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.eligibility.models.checks import FormalDecision
from grants.eligibility.states import RevocationState

OPEN = text("state = 'proposed'")


class AcceptanceRevocation(Base):
    """A proposal that an acceptance be revoked (撤销受理), because a rule is held to have failed since.

    Rule, clause and reason are those of the rejection that it becomes. ``note``: what the second person says to it.
    """

    __tablename__ = "acceptance_revocation"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_at_iff_decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_iff_decided"),
        CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="confirmed_by_another"),
        Index("ix_acceptance_revocation_application", "application_id"),
        Index("uq_acceptance_revocation_open", "decision_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("formal_decision.id"))
    state: Mapped[RevocationState] = mapped_column(StrEnumType(RevocationState), default=RevocationState.PROPOSED)
    rule: Mapped[str] = mapped_column(String(32))
    clause: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    decision: Mapped[FormalDecision] = relationship()
    proposer: Mapped[Person] = relationship(foreign_keys=[proposed_by])
