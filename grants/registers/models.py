"""Imported registers: a snapshot is one import, a record one row of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, BigId, Json, UtcDateTime, uuid7


class RegisterSnapshot(Base):
    """One import of one register (``reg``, ``credits``, ``penalties``, ``funded``, ``projects``, ``bans``) as of a
    day."""

    __tablename__ = "register_snapshot"
    __table_args__ = (Index("ix_register_snapshot_latest", "register", "asof_on", "imported_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    register: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(120))  # the register's name as findings cite it
    asof_on: Mapped[date]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    records: Mapped[int] = mapped_column(Integer)


class RegisterRecord(Base):
    """What a register says about one credit code: ``record`` has the columns of interfaces.md, section 3, evidence."""

    __tablename__ = "register_record"
    __table_args__ = (Index("ix_register_record_lookup", "snapshot_id", "uscc"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("register_snapshot.id"))
    uscc: Mapped[str] = mapped_column(String(18))
    record: Mapped[dict[str, Any]] = mapped_column(Json)
