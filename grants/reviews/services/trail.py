"""What the services of the review share: the lock, the seats of a panel, and its entries in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants import audit
from grants.applications.queries import lock_application
from grants.kernel.actor import Actor
from grants.programmes.domain import Rubric
from grants.programmes.queries import definition_of
from grants.reviews.models import Assignment, Panel


def seats_of(session: Session, panel: Panel) -> list[Assignment]:
    session.expire(panel, ["assignments"])
    return list(panel.assignments)


def lock_seat(session: Session, assignment: Assignment) -> Assignment:
    """The seat as it is now, until the transaction ends.

    Takes the lock of its application, as a draw and a completion do: whoever comes second finds what the first has
    done - a seat that was given to somebody else, a panel that was drawn again.
    """
    lock_application(session, assignment.application_id)
    query = (
        select(Assignment)
        .where(Assignment.id == assignment.id)
        .options(joinedload(Assignment.panel), selectinload(Assignment.scores))
    )
    return session.scalars(query.execution_options(populate_existing=True)).one()


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
