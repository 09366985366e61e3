"""Revoking an acceptance (撤销受理) that what was read again after T speaks against: one proposes, another decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts.queries import members_to_tell, staff_to_tell
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.queries import lock_application
from grants.eligibility import policies, queries
from grants.eligibility.domain import Standing
from grants.eligibility.errors import DecisionIncompleteError
from grants.eligibility.models import AcceptanceRevocation, FormalDecision
from grants.eligibility.services.notices import issue_notice
from grants.eligibility.services.reconsidering import reconsider_until
from grants.eligibility.services.telling import common_facts, day_words, tell_enterprise
from grants.eligibility.states import REVOCATION, Outcome
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, IllegalTransitionError
from grants.notifications import notify

MAX_REASON = 2_000


def propose_revocation(
    session: Session, application: Application, *, rule: str, reason: str, actor: Actor, now: datetime
) -> AcceptanceRevocation:
    """Propose that an acceptance be revoked on a rule that is held to have failed, with the reason the unit will read.

    Effects, in order: locks the application; the proposal; the audit entry; a letter to the other officers of the call.

    Raises:
        ForbiddenError: not this actor, or not now; the code says why.
        DecisionIncompleteError: rule or reason is missing, or it is too long. Nothing has been changed.
    """
    application = lock_application(session, application.id)
    standing = queries.standing_of(session, application, now=now)
    former = queries.find_open_revocation(session, application)
    policies.may_propose_revocation(actor, application, standing, former).require()
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise DecisionIncompleteError("decision_reason_missing")
    if rule not in standing.grounds:
        raise DecisionIncompleteError("decision_rule_missing")
    decision = queries.find_decision(session, application)
    if decision is None or actor.person_id is None:
        raise ForbiddenError("not_accepted")
    proposal = AcceptanceRevocation(
        application_id=application.id,
        decision_id=decision.id,
        rule=rule,
        clause=next(str(finding.clause) for finding in standing.held if finding.rule == rule),
        reason=reason,
        proposed_by=actor.person_id,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    _record(session, application, "application.revocation_proposed", proposal, actor=actor, now=now)
    _tell_officers(session, application, proposal, now=now)
    return proposal


def refuse_revocation(session: Session, application: Application, *, note: str, actor: Actor, now: datetime) -> None:
    """Leave the acceptance as it is, with a reason; who proposed it may take it back so.

    Effects, in order: locks the application; decides the proposal; the audit entry. Raises as ``confirm_revocation``.
    """
    application = lock_application(session, application.id)
    proposal = _open_proposal(session, application)
    policies.may_refuse_revocation(actor, application, proposal).require()
    note = note.strip()
    if not note or len(note) > MAX_REASON:
        raise DecisionIncompleteError("decision_reason_missing")
    _decide(session, proposal, "refuse", note=note, actor=actor, now=now)
    _record(session, application, "application.revocation_refused", proposal, actor=actor, now=now)


def confirm_revocation(
    session: Session, application: Application, *, note: str = "", actor: Actor, now: datetime
) -> FormalDecision:
    """Revoke an acceptance as somebody else has proposed; returns the rejection that takes its place.

    Effects, in order: locks the application; decides the proposal; marks the acceptance revoked; the rejection, which
    names both and can be objected to like any other; ``accepted -> rejected``, which frees the claims, with its audit
    entry; publishes ``application.rejected``; the written notice; the letter to the enterprise.

    Raises:
        ForbiddenError: not this actor, or not now: the panel is drawn, or the rule is no longer held to have failed.
        IllegalTransitionError: nothing is proposed any more; usually somebody else was quicker.
    """
    application = lock_application(session, application.id)
    proposal = _open_proposal(session, application)
    standing = queries.standing_of(session, application, now=now)
    policies.may_confirm_revocation(actor, application, standing, proposal).require()
    if actor.person_id is None or len(note) > MAX_REASON:
        raise DecisionIncompleteError("decision_reason_missing")
    _decide(session, proposal, "confirm", note=note.strip(), actor=actor, now=now)
    former = proposal.decision
    former.revoked_by, former.revoked_at, former.revocation_reason = actor.person_id, now, proposal.reason
    session.flush()
    decision = FormalDecision(
        application_id=application.id,
        revision_id=former.revision_id,
        outcome=Outcome.REJECT,
        rule=proposal.rule,
        clause=proposal.clause,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by,
        decided_by=actor.person_id,
        decided_at=now,
        reconsider_until=reconsider_until(session, application.call, now=now),
    )
    session.add(decision)
    session.flush()
    _reject(session, application, decision, former, standing, actor=actor, now=now)
    return decision


def _reject(
    session: Session,
    application: Application,
    decision: FormalDecision,
    former: FormalDecision,
    standing: Standing,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    facts = {"reason": decision.reason, "clause": decision.clause or ""}
    detail = {"decision": decision.id, "revoked": former.id, "rule": decision.rule, **facts}
    applications.advance(session, application, "revoke_acceptance", actor=actor, now=now, detail=detail)
    outbox.publish(session, "application.rejected", {"application_id": str(application.id)})
    issue_notice(session, application, decision, standing, revoked=former, actor=actor, now=now)
    told = {**facts, "accepted_on": day_words(local_date(former.decided_at))}
    if decision.reconsider_until is not None:
        told["until"] = day_words(decision.reconsider_until)
    tell_enterprise(session, application, "application.rejected", key=str(decision.id), facts=told, now=now)


def _open_proposal(session: Session, application: Application) -> AcceptanceRevocation:
    proposal = queries.find_open_revocation(session, application)
    if proposal is None:
        raise IllegalTransitionError(application=str(application.id), event="revoke_acceptance")
    return proposal


def _decide(
    session: Session, proposal: AcceptanceRevocation, event: str, *, note: str, actor: Actor, now: datetime
) -> None:
    proposal.state = REVOCATION.next(proposal.state, event)
    proposal.note, proposal.decided_by, proposal.decided_at = note, actor.person_id, now
    session.flush()


def _record(
    session: Session,
    application: Application,
    kind: str,
    proposal: AcceptanceRevocation,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    said = {"reason": proposal.note or proposal.reason, "rule": proposal.rule, "clause": proposal.clause}
    detail = {"revocation": proposal.id, **said}
    audit.record(session, actor, kind, ("application", application.id), at=now, detail=detail)


def _tell_officers(
    session: Session, application: Application, proposal: AcceptanceRevocation, *, now: datetime
) -> None:
    members = {member.person_id for member in members_to_tell(session, application.organisation_id)}
    officers = staff_to_tell(session, Role.OFFICER, application.call.ref)
    notify(
        session,
        event_key=f"revocation.proposed:{proposal.id}",
        kind="revocation.proposed",
        recipients=[one for one in officers if one.person_id not in {*members, proposal.proposed_by}],
        facts={**common_facts(application), "unit": application.organisation.name, "reason": proposal.reason},
        path=f"/staff/cases/{application.ref}",
        now=now,
    )
