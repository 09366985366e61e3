"""A second person's word on a version: approved for good, or returned with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.applications import services as applications
from grants.db import lock_one
from grants.decisions import policies, queries
from grants.decisions.errors import RankingOutdatedError
from grants.decisions.models import Approval, Proposal
from grants.decisions.states import PROPOSAL
from grants.kernel.actor import Actor
from grants.kernel.errors import IllegalTransitionError, InvalidError


def submit_proposal(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> Proposal:
    """Hand a draft to the approver. Records ``proposal.submitted``.

    Raises:
        ForbiddenError: not an officer of the call, or no draft.
        RankingOutdatedError: an application was reviewed since; prepare the next version first.
    """
    _take_alone(session, proposal)
    policies.may_submit(actor, proposal).require()
    _require_complete(session, proposal)
    proposal.state = PROPOSAL.next(proposal.state, "submit")
    proposal.submitted_by, proposal.submitted_at = actor.person_id, now
    audit.record(session, actor, "proposal.submitted", ("call", proposal.call_id), at=now, detail=_cited(proposal))
    return proposal


def approve_proposal(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, sha256: str | None = None
) -> Approval:
    """Approve a submitted version: from now on its amounts are the office's will, until a notice makes them public.

    Effects, in order: ``submitted -> approved``, adds the approval, which cites the fingerprint; moves the funded
    applications to ``proposed`` and the others to ``not_funded``; records ``proposal.approved``.

    Args:
        sha256: the fingerprint that the approver saw; None approves what is there.

    Raises:
        ForbiddenError: not an approver of the call, a hand in the case, above their limit, or not submitted.
        IllegalTransitionError: the version is not the one the approver saw, or no longer in force.
        RankingOutdatedError: an application was reviewed since.
    """
    _take_alone(session, proposal)
    if sha256 is not None and sha256 != proposal.sha256:
        raise IllegalTransitionError(sha256=sha256)
    largest_fen = max((line.proposed_fen for line in proposal.lines), default=0)
    hand = queries.hand_in(session, proposal.call, actor.person_id)
    policies.may_approve(actor, proposal, hand_in_it=hand, largest_fen=largest_fen).require()
    _require_complete(session, proposal)
    proposal.state = PROPOSAL.next(proposal.state, "approve")
    approval = _add_word(session, proposal, approved=True, reason="", actor=actor, now=now)
    for line in proposal.lines:
        event = "propose" if line.proposed_fen else "decline"
        detail = {"version": proposal.version, "proposed_fen": line.proposed_fen, "reason": line.reason}
        applications.advance(session, line.application, event, actor=actor, now=now, detail=detail)
    audit.record(session, actor, "proposal.approved", ("call", proposal.call_id), at=now, detail=_cited(proposal))
    return approval


def return_proposal(session: Session, proposal: Proposal, *, reason: str, actor: Actor, now: datetime) -> Approval:
    """Send a submitted version back to the officer, who answers with the next one. Records ``proposal.returned``.

    Raises:
        ForbiddenError: as ``approve_proposal``, the limit aside.
        InvalidError: ``return_needs_reason``.
    """
    _take_alone(session, proposal)
    hand = queries.hand_in(session, proposal.call, actor.person_id)
    policies.may_return(actor, proposal, hand_in_it=hand).require()
    if not reason.strip():
        raise InvalidError("return_needs_reason")
    proposal.state = PROPOSAL.next(proposal.state, "return")
    word = _add_word(session, proposal, approved=False, reason=reason, actor=actor, now=now)
    detail = {**_cited(proposal), "reason": reason}
    audit.record(session, actor, "proposal.returned", ("call", proposal.call_id), at=now, detail=detail)
    return word


def _take_alone(session: Session, proposal: Proposal) -> None:
    """Nobody else changes the call's proposals until this transaction ends; what was read before is read again."""
    lock_one(session, f"proposal:{proposal.call_id}")
    session.refresh(proposal, ["state", "sha256"])


def _require_complete(session: Session, proposal: Proposal) -> None:
    if queries.reviewed_ids(session, proposal.call) != {line.application_id for line in proposal.lines}:
        raise RankingOutdatedError()


def _add_word(
    session: Session, proposal: Proposal, *, approved: bool, reason: str, actor: Actor, now: datetime
) -> Approval:
    word = Approval(
        proposal_id=proposal.id,
        sha256=proposal.sha256,
        approved=approved,
        reason=reason,
        decided_by=actor.person_id,
        decided_at=now,
    )
    session.add(word)
    session.flush()
    return word


def _cited(proposal: Proposal) -> dict[str, object]:
    return {"version": proposal.version, "sha256": proposal.sha256}
