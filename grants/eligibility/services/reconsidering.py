"""Looking at a rejection again: the applicant asks (复核申请) or the office sees its mistake; another one answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts.queries import members_to_tell, staff_to_tell
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.queries import lock_application
from grants.calls.models import Call
from grants.calls.queries import working_calendar
from grants.eligibility import policies, queries
from grants.eligibility.errors import ReconsiderationIncompleteError
from grants.eligibility.models import EligibilityRun, FormalDecision, Reconsideration
from grants.eligibility.services.telling import common_facts, day_words, tell_enterprise
from grants.eligibility.states import RECONSIDERATION, Answer, ReconsiderationState
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, IllegalTransitionError
from grants.kernel.working_days import UnknownWorkingDayError
from grants.notifications import notify

MAX_STATEMENT = 2_000
ASKING_DAYS = 10  # working days in which a rejection can be objected to, unless the call says otherwise
ANSWER_DAYS = 10  # working days in which the office answers, unless the call's stage of objections says otherwise
ANSWERED = {
    Answer.TAKE_BACK: "撤销不予受理决定，重新核验、重新审查",
    Answer.UPHOLD: "维持不予受理决定",
    Answer.FIND_WRONG: "不予受理决定有误，但本批次已经公示，不能恢复办理",
}
AUDITED = {
    Answer.UPHOLD: "application.rejection_upheld",
    Answer.FIND_WRONG: "application.rejection_found_wrong",
}


def reconsider_until(session: Session, call: Call, *, now: datetime) -> date:
    """The last day on which a rejection decided now can be objected to: working days, today not counted.

    Raises UnknownWorkingDayError where the calendar does not reach so far: a notice never guesses.
    """
    return working_calendar(session).add(local_date(now), call.stage_days.get("reconsideration", ASKING_DAYS))


def ask_reconsideration(
    session: Session, application: Application, *, statement: str, actor: Actor, now: datetime
) -> Reconsideration:
    """Object to the rejection of one's application, once, in the days that the notice names.

    Effects, in order: locks the application; the request with the last day of its answer, which is the application's
    for the lists; the audit entry; letters to the other members and to the officers of the call.

    Raises:
        ForbiddenError: not this actor, not rejected, too late, or asked before; the code says which.
        ReconsiderationIncompleteError: nothing is said, or too much. Nothing has been changed.
    """
    application = lock_application(session, application.id)
    decision = queries.find_decision(session, application)
    former = queries.find_reconsideration(session, decision)
    policies.may_ask_reconsideration(actor, application, decision, former, today=local_date(now)).require()
    statement = statement.strip()
    if not statement or len(statement) > MAX_STATEMENT:
        raise ReconsiderationIncompleteError("reconsideration_statement_missing")
    if decision is None or actor.person_id is None:
        raise ForbiddenError("not_rejected")
    request = Reconsideration(
        decision_id=decision.id,
        application_id=application.id,
        statement=statement,
        asked_by=actor.person_id,
        asked_at=now,
        due_on=_answer_due_on(session, application.call, now=now),
    )
    session.add(request)
    session.flush()
    applications.keep_last_day(session, application, request.due_on)
    detail = {"decision": decision.id, "statement": statement, "due_on": request.due_on}
    subject = ("application", application.id)
    audit.record(session, actor, "application.reconsideration_asked", subject, at=now, detail=detail)
    _tell_of_request(session, application, decision, request, now=now)
    return request


def answer_rejection(
    session: Session,
    application: Application,
    *,
    decision_id: UUID,
    answer: Answer,
    reason: str,
    actor: Actor,
    now: datetime,
) -> FormalDecision:
    """Say of a rejection that it stays, that it is taken back, or that it was wrong and nothing can come of it.

    Somebody else than who rejected, with a reason. Taking back needs no request; the other two answer one.
    ``decision_id``: the rejection that the officer has read.

    Effects, in order: locks the application; answers the request, if there is one. Taking back: marks the decision
    revoked, moves the application to ``submitted``, takes its claims again behind those who claimed meanwhile, puts its
    runs out of effect, publishes ``application.submitted``, on which the same revision is checked anew. Then the audit
    entry and the letter to the enterprise. Decision and notice stay readable.

    Raises:
        ForbiddenError: not this actor, or not now; the code says why.
        IllegalTransitionError: somebody else was quicker, or there is no request to answer.
        ReconsiderationIncompleteError: the reason is missing or too long. Nothing has been changed.
    """
    application = lock_application(session, application.id)
    decision = queries.find_decision(session, application)
    if decision is None or decision.id != decision_id:
        raise IllegalTransitionError(decision=str(decision_id), event=str(answer))
    request = queries.find_reconsideration(session, decision)
    over = queries.is_round_public(session, application.call_id)
    policies.ANSWERS[answer](actor, application, decision, request, over=over).require()
    reason = reason.strip()
    if not reason or len(reason) > MAX_STATEMENT:
        raise ReconsiderationIncompleteError("reconsideration_reason_missing")
    if request is not None and request.state is ReconsiderationState.ASKED:
        request.state = RECONSIDERATION.next(request.state, answer)
        request.reason, request.decided_by, request.decided_at = reason, actor.person_id, now
    detail = {"decision": decision.id, "reason": reason, "asked": request is not None}
    if answer is Answer.TAKE_BACK:
        _take_back(session, application, decision, reason, detail, actor=actor, now=now)
    else:
        applications.keep_last_day(session, application, None)
        audit.record(session, actor, AUDITED[answer], ("application", application.id), at=now, detail=detail)
    facts, key = {"outcome": ANSWERED[answer], "reason": reason}, f"{decision.id}:{answer}"
    tell_enterprise(session, application, "reconsideration.decided", key=key, facts=facts, now=now)
    return decision


def _take_back(
    session: Session,
    application: Application,
    decision: FormalDecision,
    reason: str,
    detail: dict[str, object],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    decision.revoked_by, decision.revoked_at, decision.revocation_reason = actor.person_id, now, reason
    session.flush()
    revision = applications.reinstate_application(session, application, actor=actor, now=now, detail=detail)
    session.execute(
        update(EligibilityRun)
        .where(EligibilityRun.revision_id == revision.id, EligibilityRun.superseded_at.is_(None))
        .values(superseded_at=now),
        execution_options={"synchronize_session": "fetch"},
    )
    outbox.publish(session, "application.submitted", {"revision_id": str(revision.id)})


def _answer_due_on(session: Session, call: Call, *, now: datetime) -> date | None:
    """No calendar is no reason to refuse somebody who objects in time."""
    try:
        return working_calendar(session).add(local_date(now), call.stage_days.get("objections", ANSWER_DAYS))
    except UnknownWorkingDayError:
        return None


def _tell_of_request(
    session: Session, application: Application, decision: FormalDecision, request: Reconsideration, *, now: datetime
) -> None:
    due = {"due_on": day_words(request.due_on)} if request.due_on else {}
    key = str(decision.id)
    tell_enterprise(session, application, "reconsideration.received", key=key, facts=due, now=now)
    officers = staff_to_tell(session, Role.OFFICER, application.call.ref)
    others = [one for one in officers if one.person_id not in (decision.decided_by, decision.proposed_by)]
    members = {member.person_id for member in members_to_tell(session, application.organisation_id)}
    notify(
        session,
        event_key=f"reconsideration.asked:{key}",
        kind="reconsideration.asked",
        recipients=[officer for officer in others or officers if officer.person_id not in members],
        facts={**common_facts(application), "unit": application.organisation.name, **due},
        path=f"/staff/cases/{application.ref}",
        now=now,
    )
