"""Who has which case, how much each officer has, and what nobody has taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from grants.accounts.models import Person, RoleGrant
from grants.applications.models import Application, visible_to
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.eligibility.models import CaseAssignment
from grants.kernel.actor import ANYWHERE, Actor, Role

S = ApplicationState
OFFICERS_WORK = (S.CHECKED, S.CHECK_FAILED)  # what an officer of the formal check has to deal with


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who can be given cases, and the calls they are an officer of."""

    id: UUID
    name: str
    scopes: frozenset[str]

    def covers(self, call_ref: str) -> bool:
        """Whether they are an officer of this call."""
        return ANYWHERE in self.scopes or call_ref in self.scopes


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be given a case of a call. ``open``: how many open cases of that call they have."""

    id: UUID
    name: str
    open: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer, or nobody (``officer_id`` None), has of open cases. ``first_due_on``: the earliest last day."""

    officer_id: UUID | None
    name: str
    open: int
    overdue: int
    soon: int
    first_due_on: date | None


def list_officers(session: Session, call_refs: Collection[str] = ()) -> list[Officer]:
    """Everybody who is an officer of one of these calls, or of any where none is named, by name."""
    query = (
        select(Person.id, Person.name, RoleGrant.scope)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.OFFICER, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    if call_refs:
        query = query.where(RoleGrant.scope.in_({ANYWHERE, *call_refs}))
    found: dict[UUID, tuple[str, set[str]]] = {}
    for person_id, name, scope in session.execute(query):
        found.setdefault(person_id, (name, set()))[1].add(scope)
    return [Officer(person_id, name, frozenset(scopes)) for person_id, (name, scopes) in found.items()]


def officer_ids(call: Call) -> Select[UUID]:
    """The keys of those who are officers of this call."""
    return select(RoleGrant.person_id).where(RoleGrant.role == Role.OFFICER, RoleGrant.scope.in_({ANYWHERE, call.ref}))


def in_hand(call: Call) -> Subquery:
    """``officer_id`` and ``open``, the number of open cases of this call, of everybody who has one.

    Only the call's own are counted: all that an officer was ever given would cost more each year.
    """
    return (
        select(CaseAssignment.officer_id, func.count().label("open"))
        .join(Application, Application.id == CaseAssignment.application_id)
        .where(Application.call_id == call.id, Application.state.in_(OFFICERS_WORK))
        .group_by(CaseAssignment.officer_id)
        .subquery()
    )


def find_assignment(session: Session, application_id: UUID) -> CaseAssignment | None:
    """Who has the case now."""
    return session.get(CaseAssignment, application_id)


def list_loads(
    session: Session, actor: Actor, *, today: date, soon_until: date, call_ids: Collection[UUID] = ()
) -> list[Load]:
    """The open cases that the reader may see, by officer, whoever is latest first; what nobody has comes last."""
    late = func.count().filter(Application.due_on < today)
    soon = func.count().filter(Application.due_on.between(today, soon_until))
    query = (
        select(CaseAssignment.officer_id, Person.name, func.count(), late, soon, func.min(Application.due_on))
        .select_from(Application)
        .outerjoin(CaseAssignment, CaseAssignment.application_id == Application.id)
        .outerjoin(Person, Person.id == CaseAssignment.officer_id)
        .where(visible_to(actor), Application.state.in_(OFFICERS_WORK))
        .group_by(CaseAssignment.officer_id, Person.name)
    )
    if call_ids:
        query = query.where(Application.call_id.in_(call_ids))
    rows = session.execute(query).all()
    loads = [Load(row[0], row[1] or "", open=row[2], overdue=row[3], soon=row[4], first_due_on=row[5]) for row in rows]
    return sorted(loads, key=lambda load: (load.officer_id is None, -load.overdue, -load.open, load.name))


def count_open(session: Session, officer_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many open cases each of these officers has, of whatever call; in the order given."""
    query = (
        select(CaseAssignment.officer_id, func.count())
        .join(Application, Application.id == CaseAssignment.application_id)
        .where(CaseAssignment.officer_id.in_(officer_ids), Application.state.in_(OFFICERS_WORK))
        .group_by(CaseAssignment.officer_id)
    )
    found = {officer_id: count for officer_id, count in session.execute(query)}  # noqa: C416 - typed rows
    return {officer_id: found.get(officer_id, 0) for officer_id in officer_ids}


def list_unassigned(session: Session, call: Call, *, limit: int) -> Sequence[UUID]:
    """Open cases of a call that nobody has, those due first in front."""
    query = _unassigned(call).with_only_columns(Application.id).order_by(Application.due_on, Application.id)
    return session.scalars(query.limit(limit)).all()


def count_unassigned(session: Session, call: Call) -> int:
    """How many open cases of a call nobody has."""
    return session.scalar(_unassigned(call).with_only_columns(func.count())) or 0


def _unassigned(call: Call) -> Select[Any]:
    taken = select(CaseAssignment.application_id).where(CaseAssignment.application_id == Application.id).exists()
    return select(Application).where(Application.call_id == call.id, Application.state.in_(OFFICERS_WORK), ~taken)
