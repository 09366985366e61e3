"""What a definition, or other parameters of a call, would change in the verdicts of cases that were judged: asked for,
worked out in chunks, one row per changed finding."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.calls.models import Call
from grants.db import Base, Json, StrEnumType, UtcDateTime, uuid7
from grants.eligibility.states import ImpactDirection
from grants.programmes.models import Programme


class ImpactPreview(Base):
    """One question: what would ``content`` say of the cases of the programme, or of one call alone?

    ``fingerprint`` is of the definition's content, so that it can be told whether a draft is still what was previewed.
    ``parameters`` replace those of every case's call. ``total`` counts the cases once they have been cut into chunks.
    """

    __tablename__ = "impact_preview"
    __table_args__ = (
        CheckConstraint("finished_at IS NULL OR total IS NOT NULL", name="counted_before_finished"),
        Index("ix_impact_preview_programme", "programme_id", "asked_at", "id"),
        Index("ix_impact_preview_fingerprint", "fingerprint", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"))
    version: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    parameters: Mapped[dict[str, str]] = mapped_column(Json)
    total: Mapped[int | None] = mapped_column(Integer)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")

    programme: Mapped[Programme] = relationship()
    call: Mapped[Call | None] = relationship()
    asker: Mapped[Person | None] = relationship()


class ImpactChunk(Base):
    """A range of applications that one message works through; ``tally`` is what came of it (see
    ``domain.ImpactTally``)."""

    __tablename__ = "impact_chunk"
    __table_args__ = (CheckConstraint("(tally IS NULL) = (done_at IS NULL)", name="tally_iff_done"),)

    preview_id: Mapped[UUID] = mapped_column(ForeignKey("impact_preview.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    first_id: Mapped[UUID]
    last_id: Mapped[UUID]
    size: Mapped[int] = mapped_column(Integer)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tally: Mapped[dict[str, Any] | None] = mapped_column(Json)


class ImpactChange(Base):
    """One finding of one case that would come out otherwise; with an empty ``rule`` the case's proposal, or why the
    case could not be read. ``read`` are the values that the new finding rests on, private ones left out."""

    __tablename__ = "impact_change"
    __table_args__ = (Index("ix_impact_change_list", "preview_id", "direction", "rule", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    preview_id: Mapped[UUID] = mapped_column(ForeignKey("impact_preview.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    direction: Mapped[ImpactDirection] = mapped_column(StrEnumType(ImpactDirection))
    rule: Mapped[str] = mapped_column(String(32), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    former_message: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    read: Mapped[list[dict[str, Any]]] = mapped_column(Json)

    application: Mapped[Application] = relationship()
