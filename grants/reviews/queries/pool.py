"""Who may judge an application: the pool, what keeps experts out, what members must leave for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.models import Membership, Person, RoleGrant
from grants.accounts.states import MembershipState
from grants.applications.models import Application
from grants.applications.queries import case_json, current_revision
from grants.db import Page, paginate
from grants.kernel.actor import Role
from grants.kernel.rules import Row, Table, Value
from grants.programmes.domain import Case, Definition, FieldKind, case_from_json
from grants.programmes.queries import definition_of
from grants.reviews.models import Assignment, DeclaredConflict, Expert, Panel
from grants.reviews.states import AssignmentState

SITTING = frozenset({AssignmentState.INVITED, AssignmentState.ACCEPTED, AssignmentState.SUBMITTED})
RELATED = frozenset({"same_employer", "declared_conflict", "member"})


@dataclass(frozen=True, slots=True)
class Excluded:
    """An expert kept out of a draw and why: same_employer, declared_conflict, member, declined, released."""

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


def is_available() -> ColumnElement[bool]:
    """The condition on ``Expert`` that they can judge now: in the pool, with the role and an account that stands."""
    holds_role = RoleGrant.person_id == Expert.person_id, RoleGrant.role == Role.EXPERT
    able = select(RoleGrant.id).join(RoleGrant.person).where(*holds_role, Person.disabled_at.is_(None))
    return Expert.active & able.exists()


def list_active_experts(session: Session) -> Sequence[Expert]:
    """The whole pool, by id: the draw needs all of it."""
    query = select(Expert).where(is_available()).options(joinedload(Expert.person)).order_by(Expert.person_id)
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
    given_up = {
        state: set(
            session.scalars(
                select(Assignment.expert_id).where(
                    Assignment.application_id == application.id, Assignment.state == state
                )
            )
        )
        for state in (AssignmentState.DECLINED, AssignmentState.VOID)
    }
    reasons = (
        ("same_employer", {expert.person_id for expert in experts if expert.employer_uscc in codes}),
        ("declared_conflict", declared),
        ("member", members),
        ("declined", given_up[AssignmentState.DECLINED]),
        ("released", given_up[AssignmentState.VOID]),
    )
    found = []
    for expert in experts:
        reason = next((name for name, ids in reasons if expert.person_id in ids), None)
        if reason:
            found.append(Excluded(expert.person_id, reason))
    return found


def list_leaving(session: Session, application: Application, panel: Panel, codes: frozenset[str]) -> dict[UUID, str]:
    """The members of a panel who may not judge any more, by expert, and why.

    A relation that came to light counts in whatever state the seat is; who has left the pool keeps a sheet that was
    handed in before.
    """
    sitting = [seat for seat in panel.assignments if seat.state in SITTING]
    experts = [seat.expert for seat in sitting]
    found = {
        item.expert_id: item.reason
        for item in list_excluded(session, application, experts, codes)
        if item.reason in RELATED
    }
    ids = [expert.person_id for expert in experts]
    able = set(session.scalars(select(Expert.person_id).where(Expert.person_id.in_(ids), is_available())))
    for seat in sitting:
        if seat.expert_id not in able and seat.state is not AssignmentState.SUBMITTED:
            found.setdefault(seat.expert_id, "unavailable")
    return found


def find_leaving(session: Session, application: Application, panel: Panel) -> dict[UUID, str]:
    """``list_leaving`` with the parties that the revision in force names."""
    return list_leaving(session, application, panel, party_codes(*case_of(session, application)))


def names_of(session: Session, person_ids: Collection[str]) -> dict[str, str]:
    """Names of experts by the text of their key."""
    query = select(Person.id, Person.name).where(Person.id.in_([UUID(key) for key in person_ids]))
    return {str(person_id): name for person_id, name in session.execute(query)} if person_ids else {}


def page_of_experts(session: Session, *, search: str, after: str | None, before: str | None) -> Page[Expert]:
    """The pool for the office, by person id; ``search`` is the start of an employer's name or credit code."""
    query = select(Expert).options(joinedload(Expert.person))
    if search:
        query = query.where(
            or_(Expert.employer.startswith(search, autoescape=True), Expert.employer_uscc == search.upper())
        )
    return paginate(session, query, key=(Expert.person_id,), after=after, before=before)
