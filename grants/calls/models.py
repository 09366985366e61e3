"""Calls, the funds they draw on, more time that was granted, the calendar of working days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Organisation, Person
from grants.calls.states import CallState, ExtensionCause, ExtensionState, Shortfall
from grants.db import Base, Json, StrEnumType, UtcDateTime, uuid7
from grants.programmes.models import DefinitionVersion


class Call(Base):
    """One round. ``closes_at`` is the close in force: an extension for everybody moves it. ``asof_on`` is T, the day at
    which the application's own dates are judged: the day of the close as it was announced, which no extension moves.

    ``next_receipt_no`` is the counter that submission locks last (decision 2). ``parameters`` are as the
    administrator gave them, in the JSON forms of ``programmes.domain``; ``stage_days`` are working days per stage
    key.
    """

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("grace_minutes BETWEEN 0 AND 120", name="grace_bounded"),
        CheckConstraint("next_receipt_no >= 1", name="receipts_count_from_one"),
        CheckConstraint("(state = 'draft') = (announced_at IS NULL)", name="announced_at_iff_announced"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("definition_version.id"))
    title: Mapped[str] = mapped_column(String(160))
    year: Mapped[int] = mapped_column(Integer)
    state: Mapped[CallState] = mapped_column(StrEnumType(CallState), default=CallState.DRAFT)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    grace_minutes: Mapped[int] = mapped_column(Integer, default=0)
    asof_on: Mapped[date]
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)
    stage_days: Mapped[dict[str, int]] = mapped_column(Json)
    shortfall: Mapped[Shortfall] = mapped_column(StrEnumType(Shortfall), default=Shortfall.CUT_LAST)
    contact: Mapped[str] = mapped_column(Text, default="")  # unit, address, phone: printed on the guide and the notices
    next_receipt_no: Mapped[int] = mapped_column(Integer, default=1)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    definition: Mapped[DefinitionVersion] = relationship()
    funds: Mapped[list[CallFund]] = relationship(back_populates="call", order_by="CallFund.position")


class CallFund(Base):
    """A fund that a call draws on, with its own ceiling in fen."""

    __tablename__ = "call_fund"
    __table_args__ = (CheckConstraint("ceiling_fen >= 0", name="ceiling_not_negative"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    ceiling_fen: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(Integer, default=0)

    call: Mapped[Call] = relationship(back_populates="funds")


class DeadlineExtension(Base):
    """More time: for one organisation (personal) or for everybody (after an outage), proposed by one person of the
    office and decided by another.

    ``former_close_at`` is the close that was in force for them when it was proposed. The outage's instants are the
    server's record of it.
    """

    __tablename__ = "deadline_extension"
    __table_args__ = (
        CheckConstraint("until_at > former_close_at", name="gives_time"),
        CheckConstraint("(cause = 'personal') = (organisation_id IS NOT NULL)", name="personal_iff_of_one"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_iff_judged"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        Index("ix_deadline_extension_call", "call_id", "state", "organisation_id"),
        Index("ix_deadline_extension_list", "proposed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    cause: Mapped[ExtensionCause] = mapped_column(StrEnumType(ExtensionCause))
    state: Mapped[ExtensionState] = mapped_column(StrEnumType(ExtensionState), default=ExtensionState.PROPOSED)
    reason: Mapped[str] = mapped_column(Text)
    former_close_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outage_began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outage_ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")

    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    proposer: Mapped[Person] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])


class WorkingDayOverride(Base):
    """One day of the editable calendar; a year is known when ``WorkingYear`` has it or chinesecalendar does (decision
    15)."""

    __tablename__ = "working_day_override"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    note: Mapped[str] = mapped_column(String(80), default="")


class WorkingYear(Base):
    """A year that the editable calendar covers; ``provisional`` is shown as 暂定."""

    __tablename__ = "working_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provisional: Mapped[bool]
