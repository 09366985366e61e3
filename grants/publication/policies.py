"""Who may publish, decide objections, prepare and release (decision 10). Filing an objection is open to everybody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement

from grants.calls.models import Call
from grants.decisions.policies import visible_to as calls_visible_to
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.publication.models import AwardList, Notice, Objection
from grants.publication.states import AWARD_LIST, NOTICE, OBJECTION, NoticeState

RELEASING_ROLES = (Role.ADMINISTRATOR, Role.APPROVER)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Calls whose publication the actor may follow in the office: the same whose ranking they may read."""
    return calls_visible_to(actor)


def may_publish(actor: Actor, call: Call) -> Verdict:
    """An administrator; that there is something approved to publish is for the service to find."""
    return first_refusal((actor.covers(Role.ADMINISTRATOR, call.ref), "role_missing"))


def may_object(notice: Notice, *, today: date) -> Verdict:
    """Anybody, from the first to the last day of the version in force; both days count, in Shanghai."""
    return first_refusal(
        (notice.state is not NoticeState.SUPERSEDED, "notice_superseded"),
        (notice.state is NoticeState.PUBLISHED, "notice_over"),
        (notice.starts_on <= today, "notice_not_begun"),
        (today <= notice.ends_on, "notice_over"),
    )


def may_decide(actor: Actor, objection: Objection) -> Verdict:
    """An officer or administrator of the call, once."""
    ref = objection.notice.call.ref
    return first_refusal(
        (actor.covers(Role.OFFICER, ref) or actor.covers(Role.ADMINISTRATOR, ref), "role_missing"),
        (OBJECTION.allows(objection.state, "reject"), "objection_decided"),
    )


def may_prepare_list(actor: Actor, notice: Notice) -> Verdict:
    """An administrator, from the version in force."""
    return first_refusal(
        (actor.covers(Role.ADMINISTRATOR, notice.call.ref), "role_missing"),
        (NOTICE.allows(notice.state, "release"), "notice_not_in_force"),
    )


def may_discard(actor: Actor, award_list: AwardList) -> Verdict:
    """An administrator or approver of the call, before the release."""
    ref = award_list.call.ref
    return first_refusal(
        (any(actor.covers(role, ref) for role in RELEASING_ROLES), "role_missing"),
        (AWARD_LIST.allows(award_list.state, "discard"), "list_not_prepared"),
    )


def may_release(actor: Actor, award_list: AwardList) -> Verdict:
    """An administrator or approver of the call who did not prepare the list: two people release it."""
    ref = award_list.call.ref
    return first_refusal(
        (any(actor.covers(role, ref) for role in RELEASING_ROLES), "role_missing"),
        (AWARD_LIST.allows(award_list.state, "release"), "list_not_prepared"),
        (actor.person_id != award_list.prepared_by, "own_list"),
    )
