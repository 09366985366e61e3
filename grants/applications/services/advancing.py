"""Moving an application along: the one writer of its state besides submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.applications.domain import scope_of, unknown_items
from grants.applications.models import Application, CorrectionRequest
from grants.applications.policies import may_act_for_office, may_withdraw
from grants.applications.queries import lock_application
from grants.applications.services.claiming import release_claims
from grants.applications.services.last_days import last_day_of_step
from grants.applications.states import APPLICATION, PAST_TENSE, ApplicationState
from grants.kernel.actor import Actor, Role
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.programmes.queries import definition_of

MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """One event on an application's way, when it happened, and what its audit entry tells besides the states."""

    event: str
    at: datetime
    detail: Mapping[str, object] = field(default_factory=dict)


def advance(
    session: Session,
    application: Application,
    event: str,
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, object] | None = None,
    due_on: date | None = None,
) -> ApplicationState:
    """Lock the application, move it by the table of ``states``, audit ``application.<event in past tense>``.

    Whether the actor may do so is the caller's question. A rejection releases the application's claims. ``due_on``:
    the last day of the new step, where it is not that of its stage.

    Raises:
        IllegalTransitionError: the state does not allow the event, usually because somebody else was quicker.
    """
    return advance_by(session, application, [Step(event, now, detail or {})], actor=actor, due_on=due_on)


def advance_by(
    session: Session, application: Application, steps: Sequence[Step], *, actor: Actor, due_on: date | None = None
) -> ApplicationState:
    """As ``advance``, several steps at once, in their order: one change of the row, one audit entry for each step."""
    lock_application(session, application.id)
    happened = [_take_step(application, step) for step in steps]
    with session.no_autoflush:  # the state and its last day are one statement
        application.due_on = due_on or last_day_of_step(session, application)
    if application.state in (ApplicationState.REJECTED, ApplicationState.EXPIRED):
        release_claims(session, application, now=steps[-1].at)
    audit.record_all(session, actor, ("application", application.id), happened)
    session.flush()
    return application.state


def _take_step(application: Application, step: Step) -> audit.Happening:
    before = application.state
    application.state = APPLICATION.next(before, step.event)
    application.state_since = step.at
    if step.event == "pass_to_district" and application.passed_to_district_at is None:
        application.passed_to_district_at = step.at
    facts = {"from": str(before), "to": str(application.state), **step.detail}
    return audit.Happening(f"application.{PAST_TENSE[step.event]}", step.at, facts)


def return_for_correction(
    session: Session,
    application: Application,
    *,
    items: Sequence[Mapping[str, Any]],
    reason: str,
    due_on: date,
    actor: Actor,
    now: datetime,
) -> CorrectionRequest:
    """Ask for everything that has to be put right, all at once; the enterprise may then change exactly that.

    Args:
        items: {"path", "row", "document", "reason"}: an answer, a whole table (no row), a file; see ``EditScope``.
        due_on: the last day, in Shanghai, on which the correction can be submitted.

    Raises:
        ForbiddenError: the actor has no office role for this application.
        InvalidError: ``correction_without_items``, ``correction_without_reason``, ``correction_item_unknown``.
        IllegalTransitionError: the state does not allow it.
    """
    may_act_for_office(actor, application, Role.OFFICER, Role.DISTRICT_OFFICER).require()
    kept = [dict(item) for item in items]
    definition = definition_of(application.call.definition)
    if not kept:
        raise InvalidError("correction_without_items")
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidError("correction_without_reason")
    if unknown := unknown_items(definition, scope_of(kept)):
        raise InvalidError("correction_item_unknown", item=unknown[0].path or unknown[0].document)
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    detail = {"due_on": due_on, "reason": reason}
    advance(session, application, "return", actor=actor, now=now, detail=detail, due_on=due_on)
    count = select(func.count()).where(CorrectionRequest.application_id == application.id)
    request = CorrectionRequest(
        application_id=application.id,
        round_no=(session.scalar(count) or 0) + 1,
        revision_no=application.revision_no,
        reason=reason.strip(),
        items=kept,
        due_on=due_on,
        requested_by=actor.person_id,
        requested_at=now,
    )
    session.add(request)
    session.flush()
    return request


def withdraw_application(
    session: Session, application: Application, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Withdraw a submitted application: its claims are free again, those who failed by them are checked anew.

    Effects, in order: locks and moves the state, audits, releases claims, publishes ``application.withdrawn``.

    Raises:
        ForbiddenError: the actor may not bind the organisation, or the panel has been drawn.
        InvalidError: ``withdrawal_without_reason``.
    """
    lock_application(session, application.id)  # the draw of a panel locks the same row first (decision 22)
    may_withdraw(actor, application).require()
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidError("withdrawal_without_reason")
    advance(session, application, "withdraw", actor=actor, now=now, detail={"reason": reason.strip()})
    release_claims(session, application, now=now)
    outbox.publish(session, "application.withdrawn", {"application_id": str(application.id)})
