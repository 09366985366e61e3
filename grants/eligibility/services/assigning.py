"""Giving cases to officers: to oneself, to another, many at once, evenly. It says who looks after one, not who may."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.applications.models import Application
from grants.applications.queries import lock_application
from grants.calls.models import Call
from grants.eligibility import policies, queries
from grants.eligibility.domain.sharing import share_out
from grants.eligibility.models import CaseAssignment
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError

ASSIGNED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of giving out several cases: how many changed hands, and which were left where they are, by code."""

    changed: int
    left: Mapping[str, str]


def assign_cases(
    session: Session, application_ids: Collection[UUID], officer_id: UUID | None, *, actor: Actor, now: datetime
) -> Assigned:
    """Give cases to an officer, or to nobody; a case that the officer has already stays untouched.

    Effects for each, in order of their ids: locks the application; the assignment; ``application.assigned`` or
    ``application.unassigned`` in the log, with who had it before. A case that may not be given, or not to this officer,
    is left and named.

    Raises:
        InvalidError: ``nothing_selected``, ``too_many_selected`` (more than ASSIGNED_AT_ONCE), ``officer_unknown``.
    """
    if not application_ids:
        raise InvalidError("nothing_selected")
    if len(application_ids) > ASSIGNED_AT_ONCE:
        raise InvalidError("too_many_selected", most=ASSIGNED_AT_ONCE)
    officers = {officer.id: officer for officer in queries.list_officers(session)}
    if officer_id is not None and officer_id not in officers:
        raise InvalidError("officer_unknown")
    officer = officers[officer_id] if officer_id is not None else None
    changed, left = 0, {}
    for application_id in sorted(application_ids):
        application = lock_application(session, application_id)
        verdict = policies.may_assign(actor, application)
        if not verdict:
            left[application.ref or str(application_id)] = verdict.reason
        elif officer is not None and not officer.covers(application.call.ref):
            left[application.ref or str(application_id)] = "not_officer_of_call"
        else:
            changed += _give(session, application, officer_id, actor=actor, now=now)
    return Assigned(changed, left)


def share_cases(
    session: Session, call: Call, officer_ids: Sequence[UUID], *, actor: Actor, now: datetime
) -> Mapping[UUID, int]:
    """Share out what nobody has of a call, at most ASSIGNED_AT_ONCE, so that these officers end up with equally much.

    Those due first go first. Effects of each as ``assign_cases``. Returns how many each was given.

    Raises:
        ForbiddenError: the actor is no officer of the call.
        InvalidError: ``officer_unknown``: one of them is no officer of the call, or none is named.
    """
    policies.may_share(actor, call).require()
    known = {officer.id for officer in queries.list_officers(session, [call.ref])}
    if not officer_ids or not known.issuperset(officer_ids):
        raise InvalidError("officer_unknown")
    cases = queries.list_unassigned(session, call, limit=ASSIGNED_AT_ONCE)
    shared = dict(share_out(cases, queries.count_open(session, officer_ids)))
    given = dict.fromkeys(officer_ids, 0)
    for application_id in sorted(shared):
        application = lock_application(session, application_id)
        taken = queries.find_assignment(session, application_id)
        if taken is None and policies.may_assign(actor, application):
            given[shared[application_id]] += _give(session, application, shared[application_id], actor=actor, now=now)
    return given


def _give(session: Session, application: Application, officer_id: UUID | None, *, actor: Actor, now: datetime) -> int:
    """Returns 1 where the case changed hands."""
    if actor.person_id is None:
        raise ForbiddenError("role_missing")
    assignment = queries.find_assignment(session, application.id)
    former = None if assignment is None else assignment.officer_id
    if former == officer_id:
        return 0
    if assignment is not None and officer_id is None:
        session.delete(assignment)
    elif assignment is not None and officer_id is not None:
        assignment.officer_id, assignment.assigned_by, assignment.assigned_at = officer_id, actor.person_id, now
    elif officer_id is not None:
        session.add(
            CaseAssignment(
                application_id=application.id, officer_id=officer_id, assigned_by=actor.person_id, assigned_at=now
            )
        )
    kind = "application.unassigned" if officer_id is None else "application.assigned"
    detail = {"officer": officer_id, "former": former}
    audit.record(session, actor, kind, ("application", application.id), at=now, detail=detail)
    return 1
