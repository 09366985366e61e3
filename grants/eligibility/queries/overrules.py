"""Reading what officers said against findings."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.eligibility.models import FindingOverrule


def list_overrules(session: Session, revision_id: UUID) -> Sequence[FindingOverrule]:
    """Everything that was said against the findings of a revision, those taken back included, in order."""
    query = select(FindingOverrule).where(FindingOverrule.revision_id == revision_id)
    return session.scalars(query.order_by(FindingOverrule.rule, FindingOverrule.number)).all()


def find_overrule(session: Session, revision_id: UUID, rule: str) -> FindingOverrule | None:
    """The last word on a rule of a revision, be it one that takes the former back."""
    query = select(FindingOverrule).where(FindingOverrule.revision_id == revision_id, FindingOverrule.rule == rule)
    return session.scalars(query.order_by(FindingOverrule.number.desc()).limit(1)).one_or_none()
