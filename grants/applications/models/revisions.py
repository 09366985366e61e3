"""What was submitted, frozen; and what it claims for itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.models.entries import Application
from grants.db import Base, UtcDateTime, uuid7


class Revision(Base):
    """What was submitted, frozen: canonical JSON text (docs/canonical-json.md) and its SHA-256. Never changed."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()


class Claim(Base):
    """A fact that only one application may use: a contract number, an invoice number, "the one of this call"
    (decision 2).

    ``kind`` and ``scope`` say which rule of uniqueness, ``key`` the normalised value, ``written_as`` what was written.
    ``place`` counts the claims on one key in the order in which they were made, and never changes: of those that are
    not released the lowest holds. A withdrawal, a rejection, a correction that gives it up, or the final
    result that one is not funded sets ``released_at``.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("kind", "scope", "key", "application_id"),
        UniqueConstraint("kind", "scope", "key", "place"),
        Index("ix_claim_application", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    written_as: Mapped[str] = mapped_column(String(200))
    place: Mapped[int] = mapped_column(Integer)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
