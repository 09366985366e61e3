"""Panels, how far they are, and results, for the office."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.applications.models import Application
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.kernel.actor import ANYWHERE, Actor, Role
from grants.reviews.models import Assignment, Expert, Panel, ReviewResult
from grants.reviews.states import AssignmentState, PanelState

PANEL_ROLES = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)
OPEN = frozenset({AssignmentState.INVITED, AssignmentState.ACCEPTED})


def find_current_panel(session: Session, application_id: UUID) -> Panel | None:
    """The panel that sits or has finished, with its assignments and experts; None before the draw."""
    query = (
        select(Panel)
        .where(Panel.application_id == application_id, Panel.state != PanelState.REPLACED)
        .options(selectinload(Panel.assignments).joinedload(Assignment.expert).joinedload(Expert.person))
    )
    return session.scalars(query).one_or_none()


def list_panels(session: Session, application_id: UUID) -> Sequence[Panel]:
    """Every panel of an application, the first draw first."""
    query = (
        select(Panel)
        .where(Panel.application_id == application_id)
        .options(selectinload(Panel.assignments).joinedload(Assignment.expert).joinedload(Expert.person))
        .order_by(Panel.number)
    )
    return session.scalars(query).all()


def list_waiting(panel: Panel | None) -> list[Assignment]:
    """The seats of a sitting panel whose sheets are not in."""
    if panel is None or panel.state is not PanelState.CURRENT:
        return []
    return [seat for seat in panel.assignments if seat.state in OPEN]


def page_of_applications(
    session: Session, actor: Actor, *, states: Sequence[str], after: str | None, before: str | None
) -> Page[Application]:
    """Applications of the actor's calls that are ready for a draw, under review or reviewed; newest first."""
    query = (
        select(Application)
        .join(Call)
        .where(Application.state.in_(states), _of_calls(actor))
        .options(joinedload(Application.call), joinedload(Application.organisation))
    )
    return paginate(session, query, key=(Application.id,), after=after, before=before, descending=True)


def panel_progress(session: Session, application_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Per application: how many seats of the panel in force are in each state; one query."""
    query = (
        select(Assignment.application_id, Assignment.state, func.count())
        .join(Panel)
        .where(Assignment.application_id.in_(application_ids), Panel.state != PanelState.REPLACED)
        .group_by(Assignment.application_id, Assignment.state)
    )
    progress: dict[UUID, dict[str, int]] = {}
    for application_id, state, count in session.execute(query):
        progress.setdefault(application_id, {})[state] = count
    return progress


def list_results(session: Session, call: Call) -> Sequence[ReviewResult]:
    """Every result of a call, by application."""
    query = (
        select(ReviewResult)
        .join(Application, Application.id == ReviewResult.application_id)
        .where(Application.call_id == call.id)
        .order_by(ReviewResult.application_id)
    )
    return session.scalars(query).all()


def results_of(session: Session, application_ids: Sequence[UUID]) -> dict[UUID, ReviewResult]:
    """The results of these applications, by application; one query."""
    query = select(ReviewResult).where(ReviewResult.application_id.in_(application_ids))
    return {result.application_id: result for result in session.scalars(query)}


def find_result(session: Session, application_id: UUID) -> ReviewResult | None:
    """The result of one application; None while its panel has not finished."""
    return session.get(ReviewResult, application_id)


def _of_calls(actor: Actor) -> ColumnElement[bool]:
    scopes = frozenset().union(*(actor.scopes(role) for role in PANEL_ROLES))
    if ANYWHERE in scopes:
        return true()
    return Call.ref.in_(scopes) if scopes else false()
