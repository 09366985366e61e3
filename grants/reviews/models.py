"""Experts, declared conflicts, panels with their draw, assignments, score sheets, results. Points are integer
hundredths."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.db import Base, Json, StrEnumType, UtcDateTime, uuid7
from grants.reviews.states import AssignmentState, PanelState


class Expert(Base):
    """A member of the pool: employer by credit code, the strata they can sit for (technical, market, finance,
    security...)."""

    __tablename__ = "expert"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    employer: Mapped[str] = mapped_column(String(120))
    employer_uscc: Mapped[str] = mapped_column(String(18), index=True)
    strata: Mapped[list[str]] = mapped_column(Json)
    field: Mapped[str] = mapped_column(String(80), default="")
    active: Mapped[bool] = mapped_column(default=True)

    person: Mapped[Person] = relationship()


class DeclaredConflict(Base):
    """An expert's declared relation to an organisation (回避), by credit code; it excludes from every later draw."""

    __tablename__ = "declared_conflict"
    __table_args__ = (UniqueConstraint("expert_id", "uscc"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.person_id"))
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    relation: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Panel(Base):
    """One draw for one application. ``pool`` (admissible ids with strata, ascending), ``excluded`` (id, reason) and
    ``seed`` make it repeatable; ``composition`` is what the rubric asked for."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[PanelState] = mapped_column(StrEnumType(PanelState), default=PanelState.CURRENT)
    seed: Mapped[str] = mapped_column(String(64))
    composition: Mapped[dict[str, Any]] = mapped_column(Json)
    pool: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    excluded: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    kept: Mapped[list[str]] = mapped_column(Json)  # members of the panel before, when one was replaced
    reason: Mapped[str] = mapped_column(Text, default="")  # of a redraw
    drawn_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(back_populates="panel", order_by="Assignment.position")


class Assignment(Base):
    """One expert's seat on a panel and their score sheet."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("panel_id", "expert_id"),
        CheckConstraint(
            "state NOT IN ('accepted', 'submitted') OR undertaken_at IS NOT NULL", name="undertaking_before_work"
        ),
        CheckConstraint("state <> 'submitted' OR total_hundredths IS NOT NULL", name="submitted_has_total"),
        Index("ix_assignment_desk", "expert_id", "state", "id"),
        Index("ix_assignment_application", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.person_id"))
    position: Mapped[int] = mapped_column(Integer)
    stratum: Mapped[str] = mapped_column(String(24))
    state: Mapped[AssignmentState] = mapped_column(StrEnumType(AssignmentState), default=AssignmentState.INVITED)
    undertaken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_reason: Mapped[str] = mapped_column(Text, default="")
    opinion: Mapped[str] = mapped_column(Text, default="")
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    panel: Mapped[Panel] = relationship(back_populates="assignments")
    application: Mapped[Application] = relationship()
    expert: Mapped[Expert] = relationship()
    scores: Mapped[list[Score]] = relationship(back_populates="assignment", order_by="Score.key")


class Score(Base):
    """Points for one sub-criterion, in hundredths, with the comment the rubric may require."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("hundredths >= 0", name="points_not_negative"),)

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    hundredths: Mapped[int | None] = mapped_column(Integer)
    comment: Mapped[str] = mapped_column(Text, default="")

    assignment: Mapped[Assignment] = relationship(back_populates="scores")


class ReviewResult(Base):
    """The aggregate of one panel: total in hundredths (half up, at the very end), passed or not, and how it came about.

    ``working`` holds exact means per criterion as fractions in text, which sheets were trimmed, and the spread.
    """

    __tablename__ = "review_result"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    total_hundredths: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool]
    flagged: Mapped[bool]
    working: Mapped[dict[str, Any]] = mapped_column(Json)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
