"""What the office has put in writing to an applicant: corrections asked for, rejections."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base, UtcDateTime
from grants.documents import StoredFile
from grants.eligibility.models.checks import FormalDecision


class FormalNotice(Base):
    """The written notice of one decision (补正通知书, 不予受理通知书).

    ``content`` is canonical JSON of everything it says, frozen with the decision; ``sha256`` its fingerprint, printed
    on it. The PDF is typeset from it by a worker: until then there is no file. Content and file are never replaced.
    """

    __tablename__ = "formal_notice"
    __table_args__ = (CheckConstraint("(file_id IS NULL) = (made_at IS NULL)", name="made_at_iff_made"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("formal_decision.id"), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    decision: Mapped[FormalDecision] = relationship()
    file: Mapped[StoredFile | None] = relationship()
