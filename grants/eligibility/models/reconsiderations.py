"""What an applicant says against a rejection, and what a second person of the office has answered."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base, StrEnumType, UtcDateTime
from grants.eligibility.models.checks import FormalDecision
from grants.eligibility.states import ReconsiderationState

WAITING = text("state = 'asked'")


class Reconsideration(Base):
    """An applicant's request that a rejection be looked at again (复核申请): once for each rejection.

    ``due_on``: the last day of the answer, None where the calendar does not reach so far. The answer is given by
    somebody else than who rejected; what it says stays, and so does the decision it speaks of.
    """

    __tablename__ = "reconsideration"
    __table_args__ = (
        CheckConstraint("statement <> ''", name="has_statement"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_at_iff_decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_iff_decided"),
        CheckConstraint("state = 'asked' OR reason <> ''", name="answer_has_reason"),
        Index("ix_reconsideration_application", "application_id"),
        Index("ix_reconsideration_waiting", "application_id", postgresql_where=WAITING, sqlite_where=WAITING),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("formal_decision.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    state: Mapped[ReconsiderationState] = mapped_column(
        StrEnumType(ReconsiderationState), default=ReconsiderationState.ASKED
    )
    statement: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    decision: Mapped[FormalDecision] = relationship()
