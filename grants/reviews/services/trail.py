"""What the services of the review share: the seats of a panel, and its entries in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.kernel.actor import Actor
from grants.programmes.domain import Rubric
from grants.programmes.queries import definition_of
from grants.reviews.models import Assignment, Panel


def seats_of(session: Session, panel: Panel) -> list[Assignment]:
    session.expire(panel, ["assignments"])
    return list(panel.assignments)


def record_step(
    session: Session,
    assignment: Assignment,
    kind: str,
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    facts = {"assignment": str(assignment.id), "panel": assignment.panel.number, **(detail or {})}
    audit.record(session, actor, kind, ("application", assignment.application_id), at=now, detail=facts)


def rubric_of(assignment: Assignment) -> Rubric:
    """The rubric of the definition that the application's call pins."""
    return definition_of(assignment.application.call.definition).rubric
