"""Who has a draft open at the moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, UtcDateTime


class DraftPresence(Base):
    """A person has an application open, at the page ``place`` (a section's key) since ``since``; last seen ``seen_at``.

    Pages say so every few seconds while they are looked at. What has not been said for a minute counts no more and is
    swept away.
    """

    __tablename__ = "draft_presence"
    __table_args__ = (Index("ix_draft_presence_seen_at", "seen_at"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
