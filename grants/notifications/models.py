"""Inbox items, mails, and who wants which mails when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, Json, UtcDateTime, uuid7


class InboxItem(Base):
    """One message to one person. ``event_key`` makes the same event tell the same person once."""

    __tablename__ = "inbox_item"
    __table_args__ = (
        UniqueConstraint("person_id", "event_key"),
        Index("ix_inbox_item_unread", "person_id", "read_at"),
        Index("ix_inbox_item_list", "person_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID]
    event_key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    path: Mapped[str] = mapped_column(String(300))  # where it leads, on this site
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Mail(Base):
    """One mail, written when its event happened and delivered by a worker.

    ``held_until``: the reader wants one mail a day; it goes into the digest ``digest_id`` and is never sent alone.
    ``failed_at``: given up; the address may be wrong. ``is_secret``: holds a link worth a key, so its words are
    forgotten once it has been taken.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("to_address", "event_key"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("digest_id IS NULL OR held_until IS NOT NULL", name="only_held_mails_in_a_digest"),
        Index(
            "ix_mail_held",
            "held_until",
            postgresql_where=text("held_until IS NOT NULL AND digest_id IS NULL"),
            sqlite_where=text("held_until IS NOT NULL AND digest_id IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    event_key: Mapped[str] = mapped_column(String(120))
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(Text)
    addressed_to: Mapped[str] = mapped_column(String(80), default="")  # how the letter addresses the reader
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest_id: Mapped[UUID | None] = mapped_column(ForeignKey("mail.id"))
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_secret: Mapped[bool] = mapped_column(default=False, server_default=false())


class MailChoice(Base):
    """How a person wants the mails of one theme (``choices.Theme``, ``choices.Manner``); without a row, at once."""

    __tablename__ = "mail_choice"
    __table_args__ = (CheckConstraint("manner IN ('at_once', 'daily', 'never')", name="known_manner"),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(String(24), primary_key=True)
    manner: Mapped[str] = mapped_column(String(24))
