"""Runs, findings, formal decisions, district opinions, and one summary per application that lists read.

All but the summary are append-only: a new revision has new ones, and a run that was judged again stays, superseded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.models import Application, Revision
from grants.db import Base, Json, StrEnumType, UtcDateTime, uuid7
from grants.eligibility.states import Outcome, Proposal, RunKind

EFFECTIVE = text("superseded_at IS NULL")
IN_FORCE = text("revoked_at IS NULL")
WANTING = text("verdict IN ('fail', 'unknown')")  # a few of each run: what reports count


class EligibilityRun(Base):
    """One pass of the rules over one revision. ``case`` and ``evidence`` are canonical JSON text: with the pinned
    definition and ``code_version`` they are all it takes to recompute the findings.

    At most one run per revision and kind is in effect (decision 18). Judging again on new evidence - another
    application's claims were released, a register can be read again - supersedes it and adds the next ``number``.
    """

    __tablename__ = "eligibility_run"
    __table_args__ = (
        UniqueConstraint("revision_id", "kind", "number"),
        CheckConstraint("number >= 1", name="numbers_count_from_one"),
        Index(
            "uq_eligibility_run_in_effect",
            "revision_id",
            "kind",
            unique=True,
            postgresql_where=EFFECTIVE,
            sqlite_where=EFFECTIVE,
        ),
        Index("ix_eligibility_run_application", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    kind: Mapped[RunKind] = mapped_column(StrEnumType(RunKind))
    number: Mapped[int] = mapped_column(Integer, default=1)
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("definition_version.id"))
    case: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    code_version: Mapped[str] = mapped_column(String(40))
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    unknown: Mapped[int] = mapped_column(Integer, default=0)

    application: Mapped[Application] = relationship()
    revision: Mapped[Revision] = relationship()
    findings: Mapped[list[Finding]] = relationship(back_populates="run", order_by="Finding.position")


class Finding(Base):
    """What one rule found: verdict, cause, clause, what it read, the evidence with its date, what it says and what
    mends it."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("run_id", "rule"),
        CheckConstraint(
            "(verdict = 'unknown') = (cause IS NOT NULL) OR verdict = 'not_applicable'", name="unknown_has_cause"
        ),
        Index("ix_finding_wanting", "rule", "run_id", postgresql_where=WANTING, sqlite_where=WANTING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("eligibility_run.id"))
    position: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(120))
    severity: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str | None] = mapped_column(String(16))
    due: Mapped[bool] = mapped_column(default=True)
    clause: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    read: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json)

    run: Mapped[EligibilityRun] = relationship(back_populates="findings")


class CheckSummary(Base):
    """How the checks of an application's revision in force stand, rewritten with every run, so that lists, counts and
    filters need not read findings. ``warned`` counts failed hints; they are not among ``failed``.

    ``asof_announced_at``: when the second reading of the evidence, after T, was asked for; None while it is to come.
    """

    __tablename__ = "check_summary"
    __table_args__ = (
        Index("ix_check_summary_proposal", "proposal", "application_id"),
        Index("ix_check_summary_asof", "asof_announced_at", "application_id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    proposal: Mapped[Proposal] = mapped_column(StrEnumType(Proposal))
    passed: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    warned: Mapped[int] = mapped_column(Integer)
    unknown: Mapped[int] = mapped_column(Integer)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asof_announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FormalDecision(Base):
    """An officer's decision on one revision. A rejection names the rule and clause it rests on, and the last day on
    which it can be objected to (``reconsider_until``; None of those that were made before there was one).

    One that was taken back stays, with who did so, when and why; a revision has one in force at most. ``proposed_by``:
    who proposed it, where it takes two (the rejection of what had been accepted).
    """

    __tablename__ = "formal_decision"
    __table_args__ = (
        CheckConstraint(
            "outcome <> 'reject' OR (rule IS NOT NULL AND clause IS NOT NULL)", name="rejection_has_clause"
        ),
        CheckConstraint("outcome = 'accept' OR reason <> ''", name="refusal_has_reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_iff_revoked"),
        CheckConstraint("(revoked_at IS NULL) = (revocation_reason = '')", name="revocation_has_reason"),
        CheckConstraint("outcome <> 'reject' OR revoked_by <> decided_by", name="rejection_revoked_by_another"),
        CheckConstraint("proposed_by <> decided_by", name="proposed_by_another"),
        Index(
            "uq_formal_decision_in_force",
            "revision_id",
            unique=True,
            postgresql_where=IN_FORCE,
            sqlite_where=IN_FORCE,
        ),
        Index("ix_formal_decision_application", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    outcome: Mapped[Outcome] = mapped_column(StrEnumType(Outcome))
    rule: Mapped[str | None] = mapped_column(String(32))
    clause: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reconsider_until: Mapped[date | None] = mapped_column(Date)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revocation_reason: Mapped[str] = mapped_column(Text, default="")


class DistrictOpinion(Base):
    """A district's recommendation of one revision (区级初审意见), and the match it promises, in fen."""

    __tablename__ = "district_opinion"
    __table_args__ = (
        UniqueConstraint("revision_id"),
        CheckConstraint("match_fen >= 0", name="match_not_negative"),
        CheckConstraint("recommended OR opinion <> ''", name="refusal_has_opinion"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    district_code: Mapped[str] = mapped_column(String(6))
    recommended: Mapped[bool]
    match_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    opinion: Mapped[str] = mapped_column(Text, default="")
    given_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
