"""Programmes and their versions. A version is immutable once published; its source text is kept as loaded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base, UtcDateTime, uuid7


class Programme(Base):
    """A support programme, known by its code (``sbc``, ``hlw``)."""

    __tablename__ = "programme"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))

    versions: Mapped[list[DefinitionVersion]] = relationship(back_populates="programme")


class DefinitionVersion(Base):
    """One version of a programme's definition: the YAML as loaded, and the fingerprint of its content."""

    __tablename__ = "definition_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "version"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    version: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(Text, deferred=True)  # read when it is compiled, not with every call
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    programme: Mapped[Programme] = relationship(back_populates="versions")
