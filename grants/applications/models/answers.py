"""What is filled in, cell by cell."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Integer,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, Json, UtcDateTime


class AnswerRow(Base):
    """One row of a table field: its place, and its deletion, are versioned like an answer."""

    __tablename__ = "answer_row"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    table_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    deleted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Answer(Base):
    """The value of one field (``row_id`` empty) or of one cell, in the stored form of ``programmes.domain``.

    ``origin``: where a value was taken from that nobody typed here: ``profile:<date>`` (the organisation's profile, as
    it stood since that day), ``registration``, ``application:<ref>``; empty once a person has changed it.
    """

    __tablename__ = "answer"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    field_key: Mapped[str] = mapped_column(
        String(80), primary_key=True
    )  # "org.name", "product_name", "contracts.software"
    row_id: Mapped[str] = mapped_column(String(36), primary_key=True, default="")
    value: Mapped[Any] = mapped_column(Json)
    origin: Mapped[str] = mapped_column(String(80), default="", server_default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
