"""Who may see, manage and apply to calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, true

from grants.calls.domain import Phase, phase
from grants.calls.models import Call, DeadlineExtension
from grants.calls.states import EXTENSION, CallState
from grants.kernel.actor import ANYWHERE, Actor, Role
from grants.kernel.verdict import Verdict, first_refusal

SEE_DRAFTS = (Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM)
APPLYING_LEVELS = ("owner", "editor")
PROPOSE_EXTENSIONS = (Role.OFFICER, Role.ADMINISTRATOR)
DECIDE_EXTENSIONS = (Role.APPROVER, Role.ADMINISTRATOR)
SEE_EXTENSIONS = (*PROPOSE_EXTENSIONS, Role.APPROVER, Role.AUDITOR)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Announced calls are public, withdrawn ones too; drafts are for administrators and auditors."""
    if actor.has(*SEE_DRAFTS):
        return true()
    return Call.state != CallState.DRAFT


def may_manage(actor: Actor) -> Verdict:
    """Plan, announce and withdraw calls; keep the calendar."""
    return first_refusal((actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"))


def may_edit(actor: Actor, call: Call) -> Verdict:
    """A call is edited, or announced, while it is a draft."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"),
        (call.state is CallState.DRAFT, "call_announced"),
    )


def may_withdraw(actor: Actor, call: Call, *, now: datetime) -> Verdict:
    """An announced call can be withdrawn until it opens: afterwards enterprises rely on it."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"),
        (call.state is CallState.ANNOUNCED, "state_changed"),
        (now < call.opens_at, "call_has_opened"),
    )


def extensions_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Call`` under which its extensions are shown: calls that the actor serves or audits."""
    refs = frozenset[str]().union(*(actor.scopes(role) for role in SEE_EXTENSIONS))
    return true() if ANYWHERE in refs else Call.ref.in_(refs)


def may_propose_extension(actor: Actor, call: Call, *, now: datetime) -> Verdict:
    """Officers of the call and administrators, once the call has opened."""
    return first_refusal(
        (any(actor.covers(role, call.ref) for role in PROPOSE_EXTENSIONS), "role_missing"),
        (call.state is CallState.ANNOUNCED and call.opens_at <= now, "call_not_open_yet"),
    )


def may_decide_extension(actor: Actor, extension: DeadlineExtension) -> Verdict:
    """Approvers of the call and administrators, never about what they proposed themselves."""
    return first_refusal(
        (any(actor.covers(role, extension.call.ref) for role in DECIDE_EXTENSIONS), "role_missing"),
        (extension.proposed_by != actor.person_id, "own_extension"),
        (EXTENSION.allows(extension.state, "approve"), "extension_decided"),
    )


def may_precheck(call: Call) -> Verdict:
    """Anybody who sees the call, before it opens and after it closed too; not once it was withdrawn."""
    return first_refusal((call.state is not CallState.WITHDRAWN, "call_not_announced"))


def may_apply(actor: Actor, call: Call, *, now: datetime, extended_to: datetime | None = None) -> Verdict:
    """Start an application: while the call is open, by somebody who fills in for an organisation (decision 13).

    ``extended_to``: the close that this organisation has for itself.
    """
    here = phase(call, now)
    if here is Phase.CLOSED and extended_to is not None and now < extended_to:
        here = Phase.OPEN
    return first_refusal(
        (here not in (Phase.DRAFT, Phase.WITHDRAWN), "call_not_announced"),
        (here is not Phase.UPCOMING, "call_not_open_yet"),
        (here is Phase.OPEN, "call_closed"),
        (not actor.is_anonymous, "sign_in_to_apply"),
        (bool(actor.organisation_ids(*APPLYING_LEVELS)), "no_organisation_to_apply_for"),
    )
