"""Signs of life, and the times without."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, UtcDateTime, uuid7


class Heartbeat(Base):
    """When a process last said that it works, by the machine's clock: ``relay``, ``worker-<lane>``."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Outage(Base):
    """A time in which people could not work: noticed by a process that had been silent too long, or recorded by an
    administrator. Its instants are those of the process (``clock.utc_now``), so that they compare with calls.
    """

    __tablename__ = "outage"
    __table_args__ = (
        CheckConstraint("began_at < ended_at", name="begins_before_it_ends"),
        CheckConstraint("(recorded_by IS NULL) = (note = '')", name="a_person_says_why"),
        Index("ix_outage_list", "ended_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    part: Mapped[str] = mapped_column(String(40))  # the process that was silent, or "site"
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
