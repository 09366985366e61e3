"""Notices, objections, award lists. ``content`` is canonical JSON text; ``sha256`` is its fingerprint. Neither ever
changes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.models import Application
from grants.calls.models import Call
from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.publication.states import AwardListState, NoticeState, ObjectionState


class Notice(Base):
    """A 公示. ``starts_on`` to ``ends_on`` are working days, both counted (Shanghai custom); a new version says what
    changed."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("call_id", "version"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("version = 1 OR changes <> ''", name="new_version_says_what_changed"),
        Index("ix_notice_latest", "published_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[NoticeState] = mapped_column(StrEnumType(NoticeState), default=NoticeState.PUBLISHED)
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    days: Mapped[int] = mapped_column(Integer)
    changes: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    audit_head: Mapped[str] = mapped_column(String(64))
    pdf_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    published_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()


class Objection(Base):
    """A named objection to one item of a notice. Name and contact are confidential: never on a public page."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name="decided_at_iff_decided"),
        CheckConstraint("state = 'filed' OR reply <> ''", name="decision_has_reply"),
        Index("ix_objection_queue", "state", "filed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    name: Mapped[str] = mapped_column(String(120))
    is_unit: Mapped[bool]
    phone: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), default="")
    grounds: Mapped[str] = mapped_column(Text)
    state: Mapped[ObjectionState] = mapped_column(StrEnumType(ObjectionState), default=ObjectionState.FILED)
    reply: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    notice: Mapped[Notice] = relationship()
    application: Mapped[Application] = relationship()


class AwardList(Base):
    """The final list (公告): prepared by one person, released by another."""

    __tablename__ = "award_list"
    __table_args__ = (
        UniqueConstraint("notice_id", "version"),
        CheckConstraint("released_by IS NULL OR released_by <> prepared_by", name="two_people_release"),
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released_at_iff_released"),
        Index("ix_award_list_latest", "released_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[AwardListState] = mapped_column(StrEnumType(AwardListState), default=AwardListState.PREPARED)
    doc_no: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    pdf_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()
    notice: Mapped[Notice] = relationship()
