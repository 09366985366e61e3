"""Imported registers - a snapshot is one import, a record one row of it, an import a file on its way there - and what
is kept of services that are asked: their circuits and their last answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.db import Base, BigId, Json, StrEnumType, UtcDateTime, uuid7
from grants.registers.states import ImportState


class RegisterSnapshot(Base):
    """One import of one register as of a day. A ``staged`` one is still being looked at: nobody reads it."""

    __tablename__ = "register_snapshot"
    __table_args__ = (Index("ix_register_snapshot_latest", "register", "asof_on", "imported_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    register: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(120))  # the register's name as findings cite it
    asof_on: Mapped[date]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    records: Mapped[int] = mapped_column(Integer)
    staged: Mapped[bool] = mapped_column(default=False, server_default=false())


class RegisterRecord(Base):
    """What a register says about one credit code: ``record`` has the columns of interfaces.md, section 3, evidence."""

    __tablename__ = "register_record"
    __table_args__ = (Index("ix_register_record_lookup", "snapshot_id", "uscc"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("register_snapshot.id"))
    uscc: Mapped[str] = mapped_column(String(18))
    record: Mapped[dict[str, Any]] = mapped_column(Json)


class RegisterImport(Base):
    """A file that an administrator has uploaded, on its way to a snapshot.

    ``number`` counts the mappings: a worker that judged an earlier one comes too late. ``headings`` and ``samples`` are
    what the file begins with, ``mapping`` which heading (its place, from 0) fills which column; ``faults`` the first
    of ``fault_count``. ``difference`` is to ``compared_with``, the snapshot in force when it was worked out;
    ``snapshot_id`` holds the staged records.
    """

    __tablename__ = "register_import"
    __table_args__ = (
        CheckConstraint("(state IN ('taken', 'discarded')) = (decided_at IS NOT NULL)", name="decided_iff_ended"),
        CheckConstraint("number >= 0", name="numbers_count_up"),
        CheckConstraint("state NOT IN ('ready', 'taken') OR snapshot_id IS NOT NULL", name="ready_has_snapshot"),
        Index("ix_register_import_list", "register", "uploaded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    register: Mapped[str] = mapped_column(String(16))
    state: Mapped[ImportState] = mapped_column(StrEnumType(ImportState))
    source: Mapped[str] = mapped_column(String(120))
    asof_on: Mapped[date]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    number: Mapped[int] = mapped_column(Integer, default=0)
    headings: Mapped[list[str]] = mapped_column(Json, default=list)
    samples: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    mapping: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    records: Mapped[int] = mapped_column(Integer, default=0)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    fault_count: Mapped[int] = mapped_column(Integer, default=0)
    difference: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    compared_with: Mapped[UUID | None] = mapped_column(ForeignKey("register_snapshot.id"))
    snapshot_id: Mapped[UUID | None] = mapped_column(ForeignKey("register_snapshot.id"), index=True)
    error: Mapped[str] = mapped_column(String(64), default="")
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    uploader: Mapped[Person] = relationship(foreign_keys=[uploaded_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])


class RegisterCircuit(Base):
    """How a service that is asked has been doing, shared by all processes.

    Open from ``opened_at`` until ``retry_at``; then one caller, until ``probing_until``, finds out whether it is back.
    ``failures`` are those in a row, ``openings`` how often in a row it was opened. ``next_slot_at`` keeps the rate.
    """

    __tablename__ = "register_circuit"

    register: Mapped[str] = mapped_column(String(16), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    openings: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probing_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_slot_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(String(64), default="")


class RegisterAnswer(Base):
    """The last answer of a service about one credit code: ``records`` in the columns of the register; of a single one
    none where the service does not have the code. ``ref`` is the service's own number of the answer, or empty."""

    __tablename__ = "register_answer"
    __table_args__ = (Index("ix_register_answer_age", "answered_at"),)

    register: Mapped[str] = mapped_column(String(16), primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    source: Mapped[str] = mapped_column(String(120))
    records: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    ref: Mapped[str] = mapped_column(String(80), default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
