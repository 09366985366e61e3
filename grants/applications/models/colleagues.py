"""What the people of one unit arrange among themselves about a draft: who fills in which section, what they remark.

Neither reaches a revision, a case or the office.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.db import Base, UtcDateTime, uuid7


class SectionAssignment(Base):
    """One section of one application is somebody's to fill in; a section is nobody's or one person's."""

    __tablename__ = "section_assignment"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    section_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class AnswerComment(Base):
    """One remark about one answer, by path and row (empty for none). The remarks on one answer make a thread.

    Resolving a thread marks every remark in it; the next remark opens it again.
    """

    __tablename__ = "answer_comment"
    __table_args__ = (
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"),
        CheckConstraint("body <> ''", name="says_something"),
        Index("ix_answer_comment_thread", "application_id", "path", "row_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    path: Mapped[str] = mapped_column(String(80))
    row_id: Mapped[str] = mapped_column(String(36), default="")
    body: Mapped[str] = mapped_column(Text)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    writer: Mapped[Person] = relationship(foreign_keys=[written_by])
