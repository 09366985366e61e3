"""An officer's decision in the formal check (形式审查): accept, return for correction, reject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grants import outbox
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.queries import current_revision, lock_application
from grants.applications.states import ApplicationState
from grants.calls.queries import working_calendar
from grants.eligibility import policies, queries
from grants.eligibility.domain import Standing, stands_against
from grants.eligibility.errors import DecisionIncompleteError
from grants.eligibility.models import FormalDecision
from grants.eligibility.services.checking import case_of
from grants.eligibility.services.notices import issue_notice
from grants.eligibility.services.overruling import overrule_by_acceptance
from grants.eligibility.services.reconsidering import reconsider_until
from grants.eligibility.services.telling import correction_facts, day_words, tell_enterprise
from grants.eligibility.states import Outcome
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import IllegalTransitionError, NotFoundError
from grants.kernel.verdict import Verdict
from grants.programmes.queries import definition_of

BEFORE_DECISION = frozenset(
    {
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.CHECKING,
        ApplicationState.CHECK_FAILED,
        ApplicationState.DISTRICT_REVIEW,
        ApplicationState.CHECKED,
    }
)
CORRECTION_DAYS = 5  # working days, unless the call says otherwise (domain.md, 4.1)
CorrectionItems = Sequence[Mapping[str, Any]]

POLICIES: Mapping[Outcome, Callable[[Actor, Application, Standing], Verdict]] = {
    Outcome.ACCEPT: policies.may_accept,
    Outcome.RETURN: policies.may_return,
    Outcome.REJECT: policies.may_reject,
}
TOLD: Mapping[Outcome, str] = {
    Outcome.ACCEPT: "application.accepted",
    Outcome.RETURN: "application.returned",
    Outcome.REJECT: "application.rejected",
}


def decide(
    session: Session,
    application: Application,
    *,
    outcome: Outcome,
    reason: str = "",
    rule: str | None = None,
    clause: str | None = None,
    correction_items: CorrectionItems = (),
    acceptance_list: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> FormalDecision:
    """Decide the revision in force. ``acceptance_list``: the list that it was accepted with, for the log.

    Effects, in order: locks the application; the decision; overrules of what it goes against; the correction request,
    or the new state; the audit entry; the written notice of a return or a rejection; the letter to the enterprise. Two
    officers at once: the second finds the state changed and nothing is lost.

    Accepting against a failed rule needs a reason, which is kept as an overrule of each such rule. A return names
    everything at once and gives the working days of the correction stage. A rejection rests on a rule that is held to
    have failed; ``clause`` is that rule's citation unless given. It can be objected to for the days of its stage.

    Raises:
        IllegalTransitionError: somebody else was quicker.
        ForbiddenError: not this actor, or not now; the code says why.
        DecisionIncompleteError: reason, items or rule are missing; nothing has been changed.
    """
    application = lock_application(session, application.id)
    if application.state not in BEFORE_DECISION:
        raise IllegalTransitionError(state=str(application.state), event=str(outcome))
    standing = queries.standing_of(session, application, now=now)
    POLICIES[outcome](actor, application, standing).require()
    _require_whole(standing, outcome, reason, rule, correction_items)
    revision_id = queries.find_revision_id(session, application)
    if revision_id is None or actor.person_id is None:
        raise NotFoundError(application=str(application.id))
    decision = FormalDecision(
        application_id=application.id,
        revision_id=revision_id,
        outcome=outcome,
        rule=rule,
        clause=clause or _clause_of(standing, rule),
        reason=reason.strip(),
        decided_by=actor.person_id,
        decided_at=now,
        reconsider_until=(reconsider_until(session, application.call, now=now) if outcome is Outcome.REJECT else None),
    )
    session.add(decision)
    session.flush()
    if outcome is Outcome.ACCEPT:
        overrule_by_acceptance(session, application, standing, decision, actor=actor)
    facts = _carry_out(session, application, decision, correction_items, acceptance_list, actor=actor, now=now)
    issue_notice(session, application, decision, standing, actor=actor, now=now)
    tell_enterprise(session, application, TOLD[outcome], key=str(decision.id), facts=facts, now=now)
    return decision


def _require_whole(standing: Standing, outcome: Outcome, reason: str, rule: str | None, items: CorrectionItems) -> None:
    if outcome is Outcome.ACCEPT and not reason.strip() and any(map(stands_against, standing.held)):
        raise DecisionIncompleteError("decision_reason_missing")
    if outcome is Outcome.RETURN and not items:
        raise DecisionIncompleteError("decision_items_missing")
    if outcome is not Outcome.ACCEPT and not reason.strip():
        raise DecisionIncompleteError("decision_reason_missing")
    if outcome is Outcome.REJECT and rule not in standing.grounds:
        raise DecisionIncompleteError("decision_rule_missing")


def _clause_of(standing: Standing, rule: str | None) -> str | None:
    return next((str(finding.clause) for finding in standing.held if finding.rule == rule), None)


def _carry_out(
    session: Session,
    application: Application,
    decision: FormalDecision,
    items: CorrectionItems,
    acceptance_list: UUID | None,
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, str]:
    detail: dict[str, object] = {
        "decision": decision.id,
        "rule": decision.rule,
        "clause": decision.clause,
        "reason": decision.reason,
    }
    if acceptance_list is not None:
        detail["list"] = acceptance_list
    if decision.outcome is Outcome.RETURN:
        due_on = due_on_of_correction(session, application, now=now)
        request = applications.return_for_correction(
            session, application, items=items, reason=decision.reason, due_on=due_on, actor=actor, now=now
        )
        case = case_of(session, current_revision(session, application))
        definition = definition_of(application.call.definition)
        return correction_facts(
            definition, case, items, reason=decision.reason, due_on=due_on, round_no=request.round_no
        )
    applications.advance(session, application, str(decision.outcome), actor=actor, now=now, detail=detail)
    if decision.outcome is Outcome.REJECT:
        outbox.publish(session, "application.rejected", {"application_id": str(application.id)})
        until = {"until": day_words(decision.reconsider_until)} if decision.reconsider_until else {}
        return {"reason": decision.reason, "clause": decision.clause or "", **until}
    return {}


def due_on_of_correction(session: Session, application: Application, *, now: datetime) -> date:
    """The last day of a correction asked for now: the stage's working days, today not counted."""
    days = application.call.stage_days.get("correction", CORRECTION_DAYS)
    return working_calendar(session).add(local_date(now), days)
