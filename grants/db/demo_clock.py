"""The demonstration clock's offset: one row that every process reads (decision 14). Production never has one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CheckConstraint, Integer, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from grants.db.base import Base


class ClockOffset(Base):
    """By how many seconds this installation's time runs ahead of the machine's."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[int] = mapped_column(Integer, default=0)


def read_offset(session: Session) -> timedelta:
    """The offset in force; zero where nobody moved the clock."""
    return timedelta(seconds=session.scalar(select(ClockOffset.seconds)) or 0)


def write_offset(session: Session, offset: timedelta) -> None:
    """Put the offset in force from the next request and task on; the caller audits it."""
    session.merge(ClockOffset(id=1, seconds=int(offset.total_seconds())))
