"""When evidence that could not be read is asked for again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, UtcDateTime


class EvidenceRetry(Base):
    """A revision some of whose evidence could not be read: asked for again ``attempts`` times so far, last at
    ``asked_at`` (None: not yet), next at ``due_at``."""

    __tablename__ = "evidence_retry"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_count_up"),)

    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
