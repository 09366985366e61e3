"""Who may see, manage and apply to calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, true

from grants.calls.domain import Phase, phase
from grants.calls.models import Call
from grants.calls.states import CallState
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal

SEE_DRAFTS = (Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM)
APPLYING_LEVELS = ("owner", "editor")


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


def may_apply(actor: Actor, call: Call, *, now: datetime) -> Verdict:
    """Start an application: while the call is open, by somebody who fills in for an organisation (decision 13)."""
    here = phase(call, now)
    return first_refusal(
        (here not in (Phase.DRAFT, Phase.WITHDRAWN), "call_not_announced"),
        (here is not Phase.UPCOMING, "call_not_open_yet"),
        (here is Phase.OPEN, "call_closed"),
        (not actor.is_anonymous, "sign_in_to_apply"),
        (bool(actor.organisation_ids(*APPLYING_LEVELS)), "no_organisation_to_apply_for"),
    )
