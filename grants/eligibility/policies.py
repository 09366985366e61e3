"""Who may do what in the formal check. Every refusal has a reason that the page shows beside the button."""

from __future__ import annotations

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.eligibility.domain import Standing, has_stage
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.programmes.queries import definition_of

DISTRICT_STAGE = "district_review"
OVERRULED_IN = frozenset({ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW, ApplicationState.ACCEPTED})


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


def may_give_opinion(actor: Actor, application: Application) -> Verdict:
    """Recommend or not (区初审推荐): an officer of the district in which the case lies, while it lies there."""
    return first_refusal(
        (actor.covers(Role.DISTRICT_OFFICER, application.district_code or ""), "not_your_district"),
        (has_stage(definition_of(application.call.definition), DISTRICT_STAGE), "no_district_stage"),
        (application.state is ApplicationState.DISTRICT_REVIEW, "not_with_district"),
    )


def may_recheck(actor: Actor, application: Application, standing: Standing) -> Verdict:
    """Start the check again: where it could not be finished, or where a register could not be read."""
    unread = any(finding.due and finding.cause == "evidence" for finding in standing.findings)
    failed = application.state is ApplicationState.CHECK_FAILED
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
