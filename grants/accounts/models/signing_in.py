"""Sessions, attempts to sign in, forgotten passwords."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, BigId, UtcDateTime, uuid7


class PersonSession(Base):
    """One browser in which a person is signed in; its signed cookie names this row and is worth nothing without it.

    ``seen_on``: the last day on which something was sent from there; reading pages writes nothing.
    """

    __tablename__ = "person_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(200), default="")  # as the browser names itself
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_on: Mapped[date]


class SignInAttempt(Base):
    """One attempt to sign in, by the address typed and where it came from; lock-outs are counted from these rows."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_email", "email", "at"),
        Index("ix_sign_in_attempt_source", "source", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    source: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PasswordReset(Base):
    """Somebody asked for a new password for an address, known or not; the known one gets a mail with a token.

    Of the token only its SHA-256 is kept. Attempts count by address and by source, like those to sign in.
    """

    __tablename__ = "password_reset"
    __table_args__ = (
        CheckConstraint("(token_hash IS NULL) = (expires_at IS NULL)", name="token_iff_expiry"),
        CheckConstraint("(token_hash IS NULL) = (person_id IS NULL)", name="token_iff_person"),
        Index("ix_password_reset_email", "email", "asked_at"),
        Index("ix_password_reset_source", "source", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(String(254))
    source: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
