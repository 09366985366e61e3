"""Signs of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, UtcDateTime


class Heartbeat(Base):
    """When a process last said that it works, by the machine's clock: ``relay``, ``worker-<lane>``."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
