"""Who may start, edit, submit, withdraw; and which applications an actor sees (``visible_to``)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from grants.applications.domain import EVERYTHING, NOTHING, EditScope, correction_close, effective_close, scope_of
from grants.applications.models import Application, CorrectionRequest, visible_to
from grants.applications.states import APPLICATION, EDITABLE, ApplicationState
from grants.calls.models import Call
from grants.calls.policies import may_apply
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal

__all__ = [
    "closes_at",
    "edit_scope",
    "may_act_for_office",
    "may_edit",
    "may_start",
    "may_submit",
    "may_withdraw",
    "visible_to",
]

EDITING_LEVELS = ("owner", "editor")
SIGNING_LEVELS = ("owner", "signatory")  # who may bind the organisation: submit, withdraw


def may_start(actor: Actor, call: Call, organisation_id: UUID, *, now: datetime) -> Verdict:
    """Open a draft: the call is open and the actor fills in for the organisation."""
    open_to_actor = may_apply(actor, call, now=now)
    if not open_to_actor:
        return open_to_actor
    return first_refusal((organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"))


def may_edit(
    actor: Actor, application: Application, *, now: datetime, correction: CorrectionRequest | None = None
) -> Verdict:
    """Change answers and files: of a draft until its close, of a returned application until the day it is due."""
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"),
        (application.state in EDITABLE, "already_submitted"),
        _in_time(application, now, correction),
    )


def may_submit(
    actor: Actor,
    application: Application,
    *,
    verified: bool,
    now: datetime,
    correction: CorrectionRequest | None = None,
) -> Verdict:
    """Submit, or submit again: in time, by somebody who may bind the organisation and whose papers were approved.

    ``verified``: whether an officer has approved the actor's papers for the organisation (decision 11).
    """
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*SIGNING_LEVELS), "level_cannot_submit"),
        (application.state in EDITABLE, "already_submitted"),
        (now >= application.call.opens_at, "call_not_open_yet"),
        _in_time(application, now, correction),
        (verified, "membership_unverified"),
    )


def may_withdraw(actor: Actor, application: Application) -> Verdict:
    """Withdraw a submitted application: until its panel is drawn (decision 22)."""
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*SIGNING_LEVELS), "level_cannot_submit"),
        (application.state is not ApplicationState.DRAFT, "not_submitted_yet"),
        (APPLICATION.allows(application.state, "withdraw"), "too_late_to_withdraw"),
    )


def may_act_for_office(actor: Actor, application: Application, *roles: Role) -> Verdict:
    """Hold one of ``roles`` for the application's call or district; the system may do everything."""
    in_scope = any(
        actor.covers(role, application.district_code or "")
        if role is Role.DISTRICT_OFFICER
        else actor.covers(role, application.call.ref)
        for role in roles
    )
    return first_refusal((in_scope or actor.has(Role.SYSTEM), "role_missing"))


def edit_scope(application: Application, correction: CorrectionRequest | None) -> EditScope:
    """What may be edited: all of a draft, of a returned application what the correction names, nothing else."""
    if application.state is ApplicationState.DRAFT:
        return EVERYTHING
    if application.state is ApplicationState.RETURNED and correction is not None:
        return scope_of(correction.items)
    return NOTHING


def closes_at(application: Application, correction: CorrectionRequest | None = None) -> datetime:
    """The instant from which this application is refused: the end of a correction's last day, else its own close."""
    if application.state is ApplicationState.RETURNED and correction is not None:
        return correction_close(correction.due_on)
    call = application.call
    return effective_close(call.closes_at, call.grace_minutes, application.submission_begun_at)


def _in_time(application: Application, now: datetime, correction: CorrectionRequest | None) -> tuple[bool, str]:
    reason = "correction_overdue" if application.state is ApplicationState.RETURNED else "call_closed"
    return now < closes_at(application, correction), reason
