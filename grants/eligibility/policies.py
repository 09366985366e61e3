"""Who may do what in the formal check. Every refusal has a reason that the page shows beside the button."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from uuid import UUID

from grants.applications.models import Application
from grants.applications.policies import EDITING_LEVELS
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.eligibility.domain import Standing, has_stage
from grants.eligibility.models import (
    AcceptanceRevocation,
    CheckSummary,
    FormalDecision,
    ImpactPreview,
    Reconsideration,
)
from grants.eligibility.states import Answer, Outcome, Proposal, ReconsiderationState
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.programmes.queries import definition_of

COMPARING = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)
DISTRICT_STAGE = "district_review"
OVERRULED_IN = frozenset({ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW, ApplicationState.ACCEPTED})
ASSIGNED_IN = frozenset(
    {
        ApplicationState.SUBMITTED,
        ApplicationState.CHECKING,
        ApplicationState.CHECK_FAILED,
        ApplicationState.CHECKED,
        ApplicationState.DISTRICT_REVIEW,
        ApplicationState.RETURNED,
        ApplicationState.ACCEPTED,
    }
)


def may_accept(actor: Actor, application: Application, standing: Standing) -> Verdict:
    """Accept (受理): only when every run that is due is there and the district's step is done or over."""
    return _may_decide(actor, application, standing)


def may_return(actor: Actor, application: Application, standing: Standing) -> Verdict:
    """Return for correction (退回补正): as often as the programme grants, once unless it says more."""
    return first_refusal(
        *_officer_conditions(actor, application, standing),
        (not standing.correction_used, "correction_used"),
    )


def may_reject(actor: Actor, application: Application, standing: Standing) -> Verdict:
    """Confirm a rejection (不予受理): only on a rule that the check found failed, never on what is unknown."""
    verdict = _may_decide(actor, application, standing)
    return first_refusal((bool(standing.grounds), "no_ground_to_reject")) if verdict else verdict


def may_ask_reconsideration(
    actor: Actor,
    application: Application,
    decision: FormalDecision | None,
    request: Reconsideration | None,
    *,
    today: date,
) -> Verdict:
    """Object to a rejection (申请复核): whoever fills in for the organisation, once, until the day the notice names.

    ``decision``: the one in force; ``request``: what was said against it before.
    """
    until = decision.reconsider_until if decision is not None else None
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"),
        (_is_rejected(application, decision), "not_rejected"),
        (request is None, "reconsideration_used"),
        (until is not None, "reconsideration_by_letter"),
        (until is not None and today <= until, "reconsideration_over"),
    )


def may_take_back(
    actor: Actor,
    application: Application,
    decision: FormalDecision | None,
    request: Reconsideration | None,
    *,
    over: bool,
) -> Verdict:
    """Take a rejection back (撤销不予受理), asked to or not: an officer of the call who has not rejected it, until the
    round is public (``over``): afterwards the case could not be ranked with the others any more."""
    return first_refusal(*_second_person(actor, application, decision), (not over, "round_is_public"))


def may_uphold(
    actor: Actor,
    application: Application,
    decision: FormalDecision | None,
    request: Reconsideration | None,
    *,
    over: bool,
) -> Verdict:
    """Answer a request that the rejection stays (维持): an officer of the call who has not rejected it."""
    return first_refusal(*_second_person(actor, application, decision), (_is_waiting(request), "nothing_to_reconsider"))


def may_find_wrong(
    actor: Actor,
    application: Application,
    decision: FormalDecision | None,
    request: Reconsideration | None,
    *,
    over: bool,
) -> Verdict:
    """Answer a request that the rejection was wrong, where it is too late to take it back."""
    verdict = may_uphold(actor, application, decision, request, over=over)
    return first_refusal((over, "round_is_not_public")) if verdict else verdict


MayAnswer = Callable[..., Verdict]
ANSWERS: Mapping[Answer, MayAnswer] = {
    Answer.TAKE_BACK: may_take_back,
    Answer.UPHOLD: may_uphold,
    Answer.FIND_WRONG: may_find_wrong,
}


def may_propose_revocation(
    actor: Actor, application: Application, standing: Standing, proposal: AcceptanceRevocation | None
) -> Verdict:
    """Propose that an acceptance be revoked (撤销受理): an officer of the call, on a rule that is held to have failed
    since, until the panel is drawn. ``proposal``: the one that waits already."""
    return first_refusal(
        *_of_accepted(actor, application),
        (not standing.awaited, "check_outstanding"),
        (bool(standing.grounds), "no_ground_to_revoke"),
        (proposal is None, "revocation_proposed"),
    )


def may_confirm_revocation(
    actor: Actor, application: Application, standing: Standing, proposal: AcceptanceRevocation
) -> Verdict:
    """Revoke it: an officer of the call who has not proposed it, while the rule is still held to have failed."""
    return first_refusal(
        *_of_accepted(actor, application),
        (proposal.proposed_by != actor.person_id, "own_revocation"),
        (proposal.rule in standing.grounds, "revocation_without_ground"),
    )


def may_refuse_revocation(actor: Actor, application: Application, proposal: AcceptanceRevocation) -> Verdict:
    """Leave the acceptance as it is: any officer of the call; who proposed it takes it back so."""
    return first_refusal(*_of_accepted(actor, application))


def _of_accepted(actor: Actor, application: Application) -> tuple[tuple[bool, str], ...]:
    return (
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (application.state is ApplicationState.ACCEPTED, "not_accepted"),
    )


def _second_person(
    actor: Actor, application: Application, decision: FormalDecision | None
) -> tuple[tuple[bool, str], ...]:
    return (
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (_is_rejected(application, decision), "not_rejected"),
        (decision is not None and actor.person_id not in (decision.decided_by, decision.proposed_by), "own_rejection"),
    )


def _is_rejected(application: Application, decision: FormalDecision | None) -> bool:
    rejected = decision is not None and decision.outcome is Outcome.REJECT
    return rejected and application.state is ApplicationState.REJECTED


def _is_waiting(request: Reconsideration | None) -> bool:
    return request is not None and request.state is ReconsiderationState.ASKED


def may_give_opinion(actor: Actor, application: Application) -> Verdict:
    """Recommend or not (区级初审意见): an officer of the district in which the case lies, while it lies there."""
    return first_refusal(
        (actor.covers(Role.DISTRICT_OFFICER, application.district_code or ""), "not_your_district"),
        (has_stage(definition_of(application.call.definition), DISTRICT_STAGE), "no_district_stage"),
        (application.state is ApplicationState.DISTRICT_REVIEW, "not_with_district"),
    )


def may_recheck(actor: Actor, application: Application, standing: Standing) -> Verdict:
    """Start the check again: where it could not be finished, or where a register could not be read."""
    unread = any(finding.due and finding.cause == "evidence" for finding in standing.findings)
    failed = application.state is ApplicationState.CHECK_FAILED or bool(standing.given_up)
    return first_refusal(
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (failed or application.state in (ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW), "not_checked"),
        (failed or unread, "nothing_to_recheck"),
    )


def may_overrule(actor: Actor, application: Application, standing: Standing) -> Verdict:
    """Say another verdict than the machine: an officer of the call, as long as its findings can still be judged again.

    Of an accepted case, too: what was read again after T may speak against it.
    """
    return first_refusal(
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (application.state in OVERRULED_IN, "not_overrulable"),
        (bool(standing.findings), "not_checked"),
    )


def may_compare(actor: Actor, application: Application) -> Verdict:
    """Read its texts beside those of an earlier application: whoever decides on its call or audits.

    A district sees what its own applicants have written and nothing of others.
    """
    reads = any(actor.covers(role, application.call.ref) for role in COMPARING)
    return first_refusal((reads, "role_missing"))


def may_assign(actor: Actor, application: Application) -> Verdict:
    """Give the case to an officer, or take it: any officer of its call, until its panel is drawn."""
    return first_refusal(
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (application.state in ASSIGNED_IN, "not_assignable"),
    )


def may_share(actor: Actor, call: Call) -> Verdict:
    """Share out what nobody has of a call: any officer of it."""
    return first_refusal((actor.covers(Role.OFFICER, call.ref), "role_missing"))


def may_be_accepted_in_bulk(
    actor: Actor, application: Application, summary: CheckSummary | None, *, awaited: bool
) -> Verdict:
    """Accept it among others without a look at each: nothing speaks against it and no run is ``awaited``."""
    return first_refusal(
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (application.state is ApplicationState.CHECKED, "not_checked"),
        (summary is not None and summary.proposal is Proposal.ACCEPT, "not_clean"),
        (not awaited, "check_outstanding"),
    )


def may_confirm_acceptances(actor: Actor, staged_by: UUID, waiting: Collection[UUID]) -> Verdict:
    """Have a list of acceptances carried out: the officer who has read it, if there is anything on it."""
    return first_refusal((actor.person_id == staged_by, "not_your_list"), (bool(waiting), "nothing_to_accept"))


def _may_decide(actor: Actor, application: Application, standing: Standing) -> Verdict:
    return first_refusal(
        *_officer_conditions(actor, application, standing),
        (not standing.awaited, "check_outstanding"),
    )


def _officer_conditions(actor: Actor, application: Application, standing: Standing) -> tuple[tuple[bool, str], ...]:
    state = application.state
    return (
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (state is not ApplicationState.DISTRICT_REVIEW, "with_district"),
        (state is ApplicationState.CHECKED, "not_checked"),
        (not standing.decided, "state_changed"),
    )


def may_preview(actor: Actor) -> Verdict:
    """See what a definition or a parameter would change: administrators, who publish them, and the installation."""
    return first_refusal((actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"))


def may_publish_after(preview: ImpactPreview | None) -> Verdict:
    """A draft is published after somebody could see what it would change: its preview is there and finished."""
    return first_refusal((preview is not None and preview.finished_at is not None, "impact_not_ready"))
