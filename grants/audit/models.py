"""The log and the counter of entries per subject."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, BigId, UtcDateTime

UNSEALED = text("seq IS NULL")


class AuditSubject(Base):
    """How many entries a subject has: its row is locked while one is added, so a missing entry shows before sealing."""

    __tablename__ = "audit_subject"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    entries: Mapped[int] = mapped_column(Integer)


class AuditEntry(Base):
    """One thing that happened. ``detail`` is canonical JSON text; ``mac`` seals the row, ``hash`` its place in the
    log."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_key", "subject_no"),
        UniqueConstraint("seq"),
        CheckConstraint("(seq IS NULL) = (hash IS NULL)", name="sealed_whole"),
        Index("ix_audit_entry_unsealed", "id", postgresql_where=UNSEALED, sqlite_where=UNSEALED),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_key: Mapped[str] = mapped_column(String(64))
    subject_no: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    detail: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(16))
    mac: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    hash: Mapped[str | None] = mapped_column(String(64))
