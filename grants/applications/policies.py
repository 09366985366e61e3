"""Who may start, edit, submit, withdraw; and which applications an actor sees (``visible_to``)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from grants.applications.domain import (
    EVERYTHING,
    NOTHING,
    EditScope,
    correction_close,
    effective_close,
    own_close,
    scope_of,
)
from grants.applications.models import Application, CorrectionRequest, visible_to
from grants.applications.states import APPLICATION, EDITABLE, ENDED, ENDED_DRAFT, ApplicationState
from grants.calls.models import Call
from grants.calls.policies import may_apply
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal

__all__ = [
    "came_in_grace",
    "closes_at",
    "edit_scope",
    "is_in_grace",
    "kept_until_of",
    "may_act_for_office",
    "may_assign",
    "may_comment",
    "may_discard",
    "may_edit",
    "may_edit_profile",
    "may_print_draft",
    "may_restore",
    "may_start",
    "may_submit",
    "may_withdraw",
    "visible_to",
]

CLOSED_BY = {  # why a state cannot be edited, where it is not for having been submitted
    ApplicationState.DISCARDED: "draft_discarded",
    ApplicationState.EXPIRED: "application_expired",
    ApplicationState.PURGED: "draft_purged",
}
KEPT_FOR = timedelta(days=30)  # a draft that ended can be restored, and is read, so long; then its content is deleted
EDITING_LEVELS = ("owner", "editor")
SIGNING_LEVELS = ("owner", "signatory")  # who may bind the organisation: submit, withdraw


def may_start(
    actor: Actor, call: Call, organisation_id: UUID, *, now: datetime, extended_to: datetime | None = None
) -> Verdict:
    """Open a draft: the call is open, or open for this organisation, and the actor fills in for it."""
    open_to_actor = may_apply(actor, call, now=now, extended_to=extended_to)
    if not open_to_actor:
        return open_to_actor
    return first_refusal((organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"))


def may_edit_profile(actor: Actor, organisation_id: UUID) -> Verdict:
    """Change what the organisation says about itself: whoever fills in for it."""
    return first_refusal((organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"))


def may_edit(
    actor: Actor, application: Application, *, now: datetime, correction: CorrectionRequest | None = None
) -> Verdict:
    """Change answers and files: of a draft until its close, of a returned application until the day it is due."""
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"),
        (application.state in EDITABLE, CLOSED_BY.get(application.state, "already_submitted")),
        _in_time(application, now, correction),
    )


def may_assign(
    actor: Actor, application: Application, *, now: datetime, correction: CorrectionRequest | None = None
) -> Verdict:
    """Hand a section to a colleague: whoever may fill it in, while it may be filled in."""
    return may_edit(actor, application, now=now, correction=correction)


def may_comment(actor: Actor, application: Application) -> Verdict:
    """Remark on an answer: anybody of the unit, readers as well, until the application has ended."""
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(), "role_missing"),
        (application.state not in ENDED, "application_ended"),
    )


def may_submit(
    actor: Actor,
    application: Application,
    *,
    verified: bool,
    now: datetime,
    signatories: Collection[UUID] = (),
    correction: CorrectionRequest | None = None,
) -> Verdict:
    """Submit, or submit again: in time, by somebody who may bind the organisation and whose papers were approved.

    ``verified``: whether an officer has approved the actor's papers for the organisation (decision 11).
    ``signatories``: who signs for the organisation where it has named somebody; then nobody else accepts undertakings.
    """
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*SIGNING_LEVELS), "level_cannot_submit"),
        (not signatories or actor.person_id in signatories, "signatory_must_submit"),
        (application.state in EDITABLE, CLOSED_BY.get(application.state, "already_submitted")),
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


def may_print_draft(actor: Actor, application: Application) -> Verdict:
    """Have a PDF of a draft made: anybody of the organisation, while there is something that was not handed in."""
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(), "level_cannot_edit"),
        (application.state in EDITABLE, CLOSED_BY.get(application.state, "already_submitted")),
    )


def may_discard(actor: Actor, application: Application) -> Verdict:
    """Delete a draft: by an owner of the organisation, or by whoever started it."""
    mine = application.created_by == actor.person_id
    levels = EDITING_LEVELS if mine else ("owner",)
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*levels), "level_cannot_discard"),
        (application.state is ApplicationState.DRAFT, "not_a_draft"),
    )


def may_restore(actor: Actor, application: Application, *, now: datetime) -> Verdict:
    """Take a draft up again that expired or was deleted: while it is kept, and while there is time to submit it."""
    kept_until = kept_until_of(application)
    return first_refusal(
        (application.organisation_id in actor.organisation_ids(*EDITING_LEVELS), "level_cannot_edit"),
        (application.state is not ApplicationState.PURGED, "draft_purged"),
        (kept_until is not None, "nothing_to_restore"),
        (kept_until is not None and now < kept_until, "draft_purged"),
        (now < closes_at(application), "too_late_to_restore"),
    )


def kept_until_of(application: Application) -> datetime | None:
    """Until when a draft that ended is kept; None for everything else. What was once submitted is kept for good."""
    if application.state not in ENDED_DRAFT or application.ref is not None:
        return None
    return application.state_since + KEPT_FOR


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
    begun_at, extended_to = application.submission_begun_at, application.extended_to
    return effective_close(call.closes_at, call.grace_minutes, begun_at, extended_to)


def came_in_grace(application: Application) -> bool:
    """Whether the first submission arrived after the close, honoured because it had begun before."""
    close = own_close(application.call.closes_at, application.extended_to)
    return application.submitted_at is not None and application.submitted_at >= close


def is_in_grace(application: Application, *, now: datetime) -> bool:
    """Whether a draft is past its close and may still be submitted, because its submission had begun in time."""
    close = own_close(application.call.closes_at, application.extended_to)
    return application.state is ApplicationState.DRAFT and close <= now < closes_at(application)


def _in_time(application: Application, now: datetime, correction: CorrectionRequest | None) -> tuple[bool, str]:
    reason = "correction_overdue" if application.state is ApplicationState.RETURNED else "call_closed"
    return now < closes_at(application, correction), reason
