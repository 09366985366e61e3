"""The pool, and what an expert answers to an invitation (回避)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Person
from grants.accounts.services import grant_role
from grants.kernel.actor import Actor, Role
from grants.kernel.errors import InvalidError
from grants.reviews import policies, queries
from grants.reviews.models import Assignment, DeclaredConflict, Expert
from grants.reviews.services.trail import lock_seat, record_step
from grants.reviews.states import ASSIGNMENT


def add_expert(
    session: Session,
    person: Person,
    *,
    employer: str,
    employer_uscc: str,
    strata: tuple[str, ...],
    field: str,
    actor: Actor,
    now: datetime,
) -> Expert:
    """Put a person into the pool and grant them the role of an expert.

    Raises InvalidError (``expert_known``), and what ``grant_role`` raises: whoever decides on
    applications cannot judge them (decision 10).
    """
    if session.get(Expert, person.id) is not None:
        raise InvalidError("expert_known")
    grant_role(session, person, Role.EXPERT, actor=actor, now=now)
    expert = Expert(
        person_id=person.id, employer=employer, employer_uscc=employer_uscc.upper(), strata=list(strata), field=field
    )
    session.add(expert)
    audit.record(session, actor, "expert.added", ("person", person.id), at=now, detail={"employer": employer_uscc})
    return expert


def accept_assignment(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> Assignment:
    """Record the undertaking to be impartial and to keep the file confidential; the file opens with it."""
    assignment = lock_seat(session, assignment)
    policies.may_answer(actor, assignment).require()
    assignment.state = ASSIGNMENT.next(assignment.state, "accept")
    assignment.undertaken_at = now
    record_step(session, assignment, "assignment.accepted", actor=actor, now=now)
    return assignment


def decline_assignment(
    session: Session, assignment: Assignment, *, reason: str, relation: str, actor: Actor, now: datetime
) -> Assignment:
    """Step back, before or while scoring. A declared relation excludes the expert from every later draw for the
    unit."""
    assignment = lock_seat(session, assignment)
    policies.may_answer(actor, assignment).require()
    assignment.state = ASSIGNMENT.next(assignment.state, "decline")
    assignment.declined_reason = reason
    if relation:
        declare_conflict(
            session,
            actor.person_id,
            uscc=assignment.application.organisation.uscc,
            relation=relation,
            note=reason,
            now=now,
        )
    record_step(session, assignment, "assignment.declined", actor=actor, now=now, detail={"relation": relation})
    return assignment


def declare_relation(
    session: Session, *, uscc: str, relation: str, note: str, actor: Actor, now: datetime
) -> list[Assignment]:
    """Declare a relation to a unit, and step back from whatever of that unit's the expert has not handed in yet.

    Returns the seats given up. What was handed in stays until the office draws for it: the declaration then voids it.
    """
    open_seats = queries.list_open_seats(session, actor, uscc)
    for seat in open_seats:
        decline_assignment(session, seat, reason=note, relation=relation, actor=actor, now=now)
    declare_conflict(session, actor.person_id, uscc=uscc, relation=relation, note=note, now=now)
    return list(open_seats)


def declare_conflict(
    session: Session, expert_id: UUID | None, *, uscc: str, relation: str, note: str, now: datetime
) -> None:
    """Keep a declared relation to a unit, once per expert and credit code; the latest words count."""
    known = session.query(DeclaredConflict).filter_by(expert_id=expert_id, uscc=uscc.upper()).one_or_none()
    conflict = known or DeclaredConflict(expert_id=expert_id, uscc=uscc.upper())
    conflict.relation, conflict.note, conflict.declared_at = relation, note, now
    session.add(conflict)
