"""Which earlier application a draft was begun from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.models.entries import Application
from grants.db import Base, Json, UtcDateTime


class CarryOver(Base):
    """What was taken from an earlier application when a draft was begun, and what stayed behind.

    ``left``: items of {"label", "reason", "detail"}. ``once``: labels of what was carried though it may be used only
    once.
    """

    __tablename__ = "carry_over"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    carried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answers: Mapped[int] = mapped_column(Integer)
    files: Mapped[int] = mapped_column(Integer)
    left: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    once: Mapped[list[str]] = mapped_column(Json)

    source: Mapped[Application] = relationship(foreign_keys=[source_id])
