"""Accepting the clean cases in one go: staged, read, confirmed, then accepted one by one by a worker.

What was shown is what is done: a case that is not as it was shown is left out and named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants import outbox
from grants.accounts.queries import actor_of, get_person
from grants.applications.models import Application, Revision, visible_to
from grants.applications.queries import lock_application
from grants.calls.models import Call
from grants.eligibility import policies, queries
from grants.eligibility.models import AcceptanceItem, AcceptanceList, CheckSummary
from grants.eligibility.services.deciding import decide
from grants.eligibility.states import ItemOutcome, Outcome, Proposal, RunKind
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError

ACCEPTED_AT_ONCE = 500
CHANGED = "changed_since_staged"
UNFINISHED = "acceptance_unfinished"


def stage_acceptances(
    session: Session, application_ids: Collection[UUID], *, actor: Actor, now: datetime
) -> AcceptanceList:
    """Put cases on a list for their officer to read. Nothing is decided; what is not clean is left out with the reason.

    Cases that the actor may not see are not put on it.

    Raises:
        ForbiddenError: the actor is nobody's officer.
        InvalidError: ``nothing_selected``; ``too_many_selected``, more than ACCEPTED_AT_ONCE.
    """
    if actor.person_id is None:
        raise ForbiddenError("role_missing")
    if len(application_ids) > ACCEPTED_AT_ONCE:
        raise InvalidError("too_many_selected", most=ACCEPTED_AT_ONCE)
    cases = _read(session, application_ids, actor)
    if not cases:
        raise InvalidError("nothing_selected")
    staged = AcceptanceList(staged_by=actor.person_id, staged_at=now)
    session.add(staged)
    session.flush()
    judged = queries.list_judged(session, [case.revision_id for case in cases if case.revision_id])
    session.add_all(_item(staged, case, judged, actor, now) for case in cases)
    session.flush()
    return staged


def _read(session: Session, application_ids: Collection[UUID], actor: Actor) -> Sequence[Any]:
    """Each application with its summary and the key of its revision in force, in one query."""
    query = (
        select(Application, CheckSummary, Revision.id.label("revision_id"))
        .outerjoin(Revision, (Revision.application_id == Application.id) & (Revision.number == Application.revision_no))
        .outerjoin(CheckSummary, CheckSummary.application_id == Application.id)
        .where(Application.id.in_(application_ids), visible_to(actor))
        .options(joinedload(Application.call).joinedload(Call.definition))
    )
    return session.execute(query).all()


def _item(
    staged: AcceptanceList, case: Any, judged: Mapping[UUID, Mapping[RunKind, date]], actor: Actor, now: datetime
) -> AcceptanceItem:
    application, summary = case.Application, case.CheckSummary
    awaited = queries.runs_awaited(application, judged.get(case.revision_id, {}), now=now)
    verdict = policies.may_be_accepted_in_bulk(actor, application, summary, awaited=bool(awaited))
    return AcceptanceItem(
        list_id=staged.id,
        application_id=application.id,
        revision_id=case.revision_id,
        checked_at=None if summary is None else summary.checked_at,
        outcome=ItemOutcome.STAGED if verdict else ItemOutcome.LEFT_OUT,
        reason=verdict.reason,
        settled_at=None if verdict else now,
    )


def confirm_acceptances(session: Session, staged: AcceptanceList, *, actor: Actor, now: datetime) -> AcceptanceList:
    """Have the list carried out: one message per case in the bulk lane. A second time does nothing.

    Raises:
        ForbiddenError: it is another officer's list, or nothing of it can be accepted.
    """
    session.refresh(staged, with_for_update=True)
    waiting = queries.list_staged(session, staged.id)
    policies.may_confirm_acceptances(actor, staged.staged_by, waiting).require()
    if staged.confirmed_at is not None:
        return staged
    staged.confirmed_at = now
    for application_id in waiting:
        payload = {"list_id": str(staged.id), "application_id": str(application_id)}
        outbox.publish(session, "acceptance.confirmed", payload)
    session.flush()
    return staged


def accept_item(session: Session, list_id: UUID, application_id: UUID, *, now: datetime) -> ItemOutcome:
    """Accept one case of a confirmed list in its officer's name, or leave it out where it is not as it was shown.

    Effects: locks the application; the decision as ``decide`` makes it, or the reason on the item. A second delivery
    finds the item settled and changes nothing. Whether the officer still may is asked anew.
    """
    application = lock_application(session, application_id)
    item = session.get_one(AcceptanceItem, (list_id, application_id), populate_existing=True)
    if item.outcome is not ItemOutcome.STAGED:
        return item.outcome
    actor = actor_of(get_person(session, item.staged.staged_by))
    reason = _reason_against(session, application, item, actor, now=now)
    if not reason:
        decide(session, application, outcome=Outcome.ACCEPT, actor=actor, now=now, acceptance_list=list_id)
    return _settle(session, item, reason, now=now)


def _reason_against(
    session: Session, application: Application, item: AcceptanceItem, actor: Actor, *, now: datetime
) -> str:
    summary, standing = (
        queries.find_summary(session, application.id),
        queries.standing_of(session, application, now=now),
    )
    verdict = policies.may_be_accepted_in_bulk(actor, application, summary, awaited=bool(standing.awaited))
    if not verdict:
        return verdict.reason
    as_shown = (item.revision_id, item.checked_at, Proposal.ACCEPT)
    if summary is None or (summary.revision_id, summary.checked_at, standing.proposal) != as_shown:
        return CHANGED
    return policies.may_accept(actor, application, standing).reason


def give_up_item(session: Session, list_id: UUID, application_id: UUID, *, now: datetime) -> None:
    """Leave a case out that a worker could not accept after its last attempt, so that the list comes to its end."""
    item = session.get_one(AcceptanceItem, (list_id, application_id), populate_existing=True)
    if item.outcome is ItemOutcome.STAGED:
        _settle(session, item, UNFINISHED, now=now)


def _settle(session: Session, item: AcceptanceItem, reason: str, *, now: datetime) -> ItemOutcome:
    item.outcome = ItemOutcome.LEFT_OUT if reason else ItemOutcome.ACCEPTED
    item.reason, item.settled_at = reason, now
    session.flush()
    return item.outcome
