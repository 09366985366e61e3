"""Reading the pool, panels, an expert's desk and results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.accounts.models import Membership
from grants.accounts.states import MembershipState
from grants.applications.models import Application
from grants.applications.queries import case_json, current_revision
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.kernel.actor import ANYWHERE, Actor, Role
from grants.kernel.errors import NotFoundError
from grants.kernel.rules import Row, Table, Value
from grants.programmes.domain import Case, Definition, FieldKind, case_from_json
from grants.programmes.queries import definition_of
from grants.reviews.models import Assignment, DeclaredConflict, Expert, Panel, ReviewResult
from grants.reviews.states import AssignmentState, PanelState

PANEL_ROLES = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Excluded:
    """An expert kept out of a draw and why: same_employer, declared_conflict, member, declined, seated."""

    expert_id: UUID
    reason: str


def case_of(session: Session, application: Application) -> tuple[Definition, Case]:
    """The definition and the case of the revision in force, for the rubric's expressions; without evidence."""
    definition = definition_of(application.call.definition)
    return definition, case_from_json(definition, case_json(current_revision(session, application)))


def party_codes(definition: Definition, case: Case) -> frozenset[str]:
    """Credit codes of everybody the application names: the applicant, partners, buyers. Their people stay away
    (回避)."""
    scalars = {
        str(value)
        for section in definition.sections
        for field in section.fields
        if field.kind is FieldKind.USCC
        and (value := (case.org if section.key == "org" else case.answers).get(field.key)) is not None
    }
    return frozenset(code.upper() for code in scalars | _codes_in_tables(definition, case))


def _codes_in_tables(definition: Definition, case: Case) -> set[str]:
    return {
        str(row.cells[column.key])
        for section in definition.sections
        for field in section.fields
        for column in field.columns
        if column.kind is FieldKind.USCC and field.key in case.answers
        for row in _rows(case.answers[field.key])
        if isinstance(row.cells.get(column.key), str)
    }


def _rows(value: Value) -> tuple[Row, ...]:
    return value.rows if isinstance(value, Table) else ()


def list_active_experts(session: Session) -> Sequence[Expert]:
    """The whole pool, by id: the draw needs all of it."""
    query = select(Expert).where(Expert.active).options(joinedload(Expert.person)).order_by(Expert.person_id)
    return session.scalars(query).all()


def list_excluded(
    session: Session, application: Application, experts: Sequence[Expert], codes: frozenset[str]
) -> list[Excluded]:
    """Who of ``experts`` may not judge this application, each with the first reason found, in their order."""
    declared = set(session.scalars(select(DeclaredConflict.expert_id).where(DeclaredConflict.uscc.in_(codes))))
    members = set(
        session.scalars(
            select(Membership.person_id).where(
                Membership.organisation_id == application.organisation_id,
                Membership.state.in_((MembershipState.UNVERIFIED, MembershipState.VERIFIED)),
            )
        )
    )
    declined = set(
        session.scalars(
            select(Assignment.expert_id).where(
                Assignment.application_id == application.id, Assignment.state == AssignmentState.DECLINED
            )
        )
    )
    reasons = (
        ("same_employer", {expert.person_id for expert in experts if expert.employer_uscc in codes}),
        ("declared_conflict", declared),
        ("member", members),
        ("declined", declined),
    )
    found = []
    for expert in experts:
        reason = next((name for name, ids in reasons if expert.person_id in ids), None)
        if reason:
            found.append(Excluded(expert.person_id, reason))
    return found


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


def list_conflicts(session: Session, actor: Actor) -> Sequence[DeclaredConflict]:
    """The conflicts the expert has declared."""
    query = select(DeclaredConflict).where(DeclaredConflict.expert_id == actor.person_id)
    return session.scalars(query.order_by(DeclaredConflict.declared_at, DeclaredConflict.id)).all()


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


def page_of_experts(session: Session, *, search: str, after: str | None, before: str | None) -> Page[Expert]:
    """The pool for the office, by person id; ``search`` is the start of an employer's name or credit code."""
    query = select(Expert).options(joinedload(Expert.person))
    if search:
        query = query.where(
            or_(Expert.employer.startswith(search, autoescape=True), Expert.employer_uscc == search.upper())
        )
    return paginate(session, query, key=(Expert.person_id,), after=after, before=before)


def _of_calls(actor: Actor) -> ColumnElement[bool]:
    scopes = frozenset().union(*(actor.scopes(role) for role in PANEL_ROLES))
    if ANYWHERE in scopes:
        return true()
    return Call.ref.in_(scopes) if scopes else false()
