"""What an organisation says about itself once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, Json, UtcDateTime


class ProfileValue(Base):
    """One value of an organisation's profile, by the path and row of section A; see ``domain.profiles``.

    ``origin``: ``application:<ref>`` where a submission brought it, empty where it was typed on the profile's page.
    ``changed_by`` is empty for what was kept before profiles knew their authors.
    """

    __tablename__ = "profile_value"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    field_key: Mapped[str] = mapped_column(String(80), primary_key=True)  # "org.employees", "org.years.revenue"
    row_id: Mapped[str] = mapped_column(String(36), primary_key=True, default="")
    value: Mapped[Any] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer, default=1)
    origin: Mapped[str] = mapped_column(String(80), default="")
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
