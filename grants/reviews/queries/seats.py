"""An expert's own desk: assignments and declared relations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.accounts.models import Organisation
from grants.applications.models import Application
from grants.calls.models import Call
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError
from grants.reviews.models import Assignment, DeclaredConflict, Panel
from grants.reviews.states import AssignmentState, PanelState


def get_assignment(session: Session, assignment_id: UUID, actor: Actor) -> Assignment:
    """One of the actor's own assignments; raises NotFoundError for anybody else's."""
    query = (
        select(Assignment)
        .where(Assignment.id == assignment_id, Assignment.expert_id == actor.person_id)
        .options(
            joinedload(Assignment.panel),
            joinedload(Assignment.application).joinedload(Application.call).joinedload(Call.definition),
            joinedload(Assignment.application).joinedload(Application.organisation),
            selectinload(Assignment.scores),
        )
    )
    assignment = session.scalars(query).unique().one_or_none()
    if assignment is None:
        raise NotFoundError()
    return assignment


def list_assignments(session: Session, actor: Actor) -> Sequence[Assignment]:
    """The expert's desk: what waits first, then what is handed in; replaced panels and declined seats are left out."""
    query = (
        select(Assignment)
        .join(Panel)
        .where(
            Assignment.expert_id == actor.person_id,
            Panel.state != PanelState.REPLACED,
            Assignment.state.in_((AssignmentState.INVITED, AssignmentState.ACCEPTED, AssignmentState.SUBMITTED)),
        )
        .options(
            joinedload(Assignment.panel),
            joinedload(Assignment.application).joinedload(Application.call).joinedload(Call.definition),
            selectinload(Assignment.scores),
        )
        .order_by(Assignment.submitted_at.is_not(None), Assignment.id)
        .limit(500)
    )
    return session.scalars(query).unique().all()


def list_open_seats(session: Session, actor: Actor, uscc: str) -> Sequence[Assignment]:
    """The expert's seats on applications of one unit that are not handed in."""
    query = (
        select(Assignment)
        .join(Application, Application.id == Assignment.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(
            Organisation.uscc == uscc.upper(),
            Assignment.expert_id == actor.person_id,
            Assignment.state.in_((AssignmentState.INVITED, AssignmentState.ACCEPTED)),
        )
        .options(joinedload(Assignment.application).joinedload(Application.organisation))
        .order_by(Assignment.application_id)
    )
    return session.scalars(query).all()


def list_conflicts(session: Session, actor: Actor) -> Sequence[DeclaredConflict]:
    """The conflicts the expert has declared."""
    query = select(DeclaredConflict).where(DeclaredConflict.expert_id == actor.person_id)
    return session.scalars(query.order_by(DeclaredConflict.declared_at, DeclaredConflict.id)).all()
