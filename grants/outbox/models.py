"""The outbox table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, BigId, Json, UtcDateTime

WAITING = text("sent_at IS NULL AND done_at IS NULL AND dead_at IS NULL")
UNDER_WAY = text("sent_at IS NOT NULL AND done_at IS NULL AND dead_at IS NULL")
DEAD = text("dead_at IS NOT NULL")
UNDONE = text("done_at IS NULL")
PUBLISHED = "outbox_published"  # noted of a session that has added a message: the relay is woken after its commit


class Message(Base):
    """One message to a worker. Waiting, then sent, then done; or dead after its last attempt, with the error.

    ``begun_at``: since when a worker's process has been at the attempt that was sent. One that is begun and not done
    when it is delivered again has lost its process; ``losses`` counts that.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("done_at IS NULL OR dead_at IS NULL", name="done_or_dead"),
        CheckConstraint("attempt >= 1", name="attempt_counts_from_one"),
        CheckConstraint("losses >= 0", name="losses_not_negative"),
        Index("ix_outbox_message_waiting", "lane", "due_at", "id", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("ix_outbox_message_under_way", "sent_at", "id", postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY),
        Index("ix_outbox_message_undone", "lane", "due_at", postgresql_where=UNDONE, sqlite_where=UNDONE),
        Index("ix_outbox_message_dead", "topic", "id", postgresql_where=DEAD, sqlite_where=DEAD),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    lane: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    losses: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
