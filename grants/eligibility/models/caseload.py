"""Who has which case, and lists of clean cases that are accepted in one go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.eligibility.states import ItemOutcome


class CaseAssignment(Base):
    """The officer who has a case now; who had it before is in the log. It says who looks after it, not who may."""

    __tablename__ = "case_assignment"
    __table_args__ = (Index("ix_case_assignment_officer", "officer_id", "application_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    officer: Mapped[Person] = relationship(foreign_keys=[officer_id])


class AcceptanceList(Base):
    """Cases that an officer has staged for acceptance, to be read before it is confirmed; then a worker accepts them
    one by one."""

    __tablename__ = "acceptance_list"
    __table_args__ = (Index("ix_acceptance_list_staged", "staged_by", "staged_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    staged_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    staged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Person] = relationship()


class AcceptanceItem(Base):
    """One case of a list. ``revision_id`` and ``checked_at`` are what the officer was shown: a case of which either
    has changed since is left out. ``reason``: the code that says why a case was left out."""

    __tablename__ = "acceptance_item"
    __table_args__ = (
        CheckConstraint(
            "(outcome IN ('accepted', 'left_out')) = (settled_at IS NOT NULL)", name="settled_at_iff_settled"
        ),
        CheckConstraint("(outcome = 'left_out') = (reason <> '')", name="left_out_has_reason"),
        Index("ix_acceptance_item_application", "application_id"),
    )

    list_id: Mapped[UUID] = mapped_column(ForeignKey("acceptance_list.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revision.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[ItemOutcome] = mapped_column(StrEnumType(ItemOutcome), default=ItemOutcome.STAGED)
    reason: Mapped[str] = mapped_column(String(40), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    staged: Mapped[AcceptanceList] = relationship()
    application: Mapped[Application] = relationship()
