"""What a person says against a finding. Rows are only ever added; the machine's finding stays as it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.db import Base, UtcDateTime, uuid7
from grants.eligibility.models.checks import Finding


class FindingOverrule(Base):
    """An officer's verdict on one rule of one revision, beside the machine's finding, with reason and clause.

    Of several on the same rule the highest ``number`` speaks; one without ``verdict`` takes the former back. ``said``
    is the fingerprint of what the machine had found: on other values the overrule no longer holds. ``decision_id``:
    the acceptance with which it was given, where it was given with one.
    """

    __tablename__ = "finding_overrule"
    __table_args__ = (
        UniqueConstraint("revision_id", "rule", "number"),
        CheckConstraint("reason <> '' AND clause <> ''", name="has_reason_and_clause"),
        CheckConstraint("number >= 1", name="numbers_count_from_one"),
        Index("ix_finding_overrule_application", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("formal_decision.id"))
    rule: Mapped[str] = mapped_column(String(32))
    number: Mapped[int] = mapped_column(Integer, default=1)
    said: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))
    given_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    finding: Mapped[Finding] = relationship()
    officer: Mapped[Person] = relationship()
