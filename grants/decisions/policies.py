"""Who may see, prepare, submit and approve a proposal (decision 10). Nobody approves what they had a hand in."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from grants.calls.models import Call
from grants.decisions.models import Proposal
from grants.decisions.states import PROPOSAL, ProposalState
from grants.kernel.actor import ANYWHERE, Actor, Role
from grants.kernel.verdict import Verdict, first_refusal

READING_ROLES = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Calls whose ranking the actor may read: those of their roles' scopes."""
    scopes = frozenset().union(*(actor.scopes(role) for role in READING_ROLES))
    if ANYWHERE in scopes or actor.has(Role.SYSTEM):
        return true()
    return Call.ref.in_(scopes) if scopes else false()


def may_prepare(actor: Actor, call: Call, *, awaits_notice: bool) -> Verdict:
    """An officer of the call, until its notice is out: afterwards only an objection changes what was proposed."""
    return first_refusal(
        (actor.covers(Role.OFFICER, call.ref), "role_missing"),
        (awaits_notice, "already_on_notice"),
    )


def may_submit(actor: Actor, proposal: Proposal) -> Verdict:
    """An officer of the call, while the version is a draft."""
    return first_refusal(
        (actor.covers(Role.OFFICER, proposal.call.ref), "role_missing"),
        (PROPOSAL.allows(proposal.state, "submit"), "not_a_draft"),
    )


def may_approve(actor: Actor, proposal: Proposal, *, hand_in_it: str | None, largest_fen: int) -> Verdict:
    """An approver of the call, up to their limit per award, who had no hand in the case.

    ``hand_in_it``: how the actor took part (``queries.hand_in``), None if in no way.
    ``largest_fen``: the highest award.
    """
    return first_refusal(
        *_approver(actor, proposal, hand_in_it),
        (_within_limit(actor, proposal.call.ref, largest_fen), "above_approval_limit"),
    )


def may_return(actor: Actor, proposal: Proposal, *, hand_in_it: str | None) -> Verdict:
    """As ``may_approve``, without the limit: sending back needs no authority over money."""
    return first_refusal(*_approver(actor, proposal, hand_in_it))


def _approver(actor: Actor, proposal: Proposal, hand_in_it: str | None) -> tuple[tuple[bool, str], ...]:
    return (
        (actor.covers(Role.APPROVER, proposal.call.ref), "role_missing"),
        (hand_in_it is None, hand_in_it or ""),
        (proposal.state is ProposalState.SUBMITTED, "not_submitted"),
    )


def _within_limit(actor: Actor, ref: str, largest_fen: int) -> bool:
    limits = [
        grant.limit_fen for grant in actor.grants if grant.role is Role.APPROVER and grant.scope in (ANYWHERE, ref)
    ]
    return any(limit is None or largest_fen <= limit for limit in limits)
