"""Proposals with their lines, and approvals. A version is never edited: an edit is the next version."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.models import Application
from grants.calls.models import Call
from grants.calls.states import Shortfall
from grants.db import Base, Json, StrEnumType, UtcDateTime, uuid7
from grants.decisions.states import ProposalState


class Proposal(Base):
    """One version of the awards proposed for a call. ``sha256`` fingerprints its lines; an approval cites it."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("call_id", "version"),
        CheckConstraint("ceiling_fen >= 0", name="ceiling_not_negative"),
        CheckConstraint("(submitted_by IS NULL) = (submitted_at IS NULL)", name="submitted_at_iff_submitted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[ProposalState] = mapped_column(StrEnumType(ProposalState), default=ProposalState.DRAFT)
    ceiling_fen: Mapped[int] = mapped_column(BigInteger)
    shortfall: Mapped[Shortfall] = mapped_column(StrEnumType(Shortfall))
    note: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64))
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()
    lines: Mapped[list[ProposalLine]] = relationship(back_populates="proposal", order_by="ProposalLine.rank")


class ProposalLine(Base):
    """One application in a proposal; requested, computed and proposed amounts are kept apart, in fen."""

    __tablename__ = "proposal_line"
    __table_args__ = (
        UniqueConstraint("proposal_id", "rank"),
        CheckConstraint("proposed_fen >= 0 AND proposed_fen <= computed_fen", name="proposed_within_computed"),
        CheckConstraint("proposed_fen > 0 OR reason <> ''", name="nothing_has_a_reason"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True, index=True)
    rank: Mapped[int] = mapped_column(Integer)
    total_hundredths: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool]
    requested_fen: Mapped[int] = mapped_column(BigInteger)
    computed_fen: Mapped[int] = mapped_column(BigInteger)
    proposed_fen: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")  # why nothing, or why less than computed
    working: Mapped[dict[str, Any]] = mapped_column(Json)

    proposal: Mapped[Proposal] = relationship(back_populates="lines")
    application: Mapped[Application] = relationship()


class Approval(Base):
    """A second person's word on one version of a proposal; void as soon as the version is superseded."""

    __tablename__ = "approval"
    __table_args__ = (CheckConstraint("approved OR reason <> ''", name="return_has_reason"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
