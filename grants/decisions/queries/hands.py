"""Who had a hand in a call: whoever had is not the one to approve its proposal (decision 10)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.calls.models import Call
from grants.decisions.models import Proposal
from grants.eligibility.models import FormalDecision
from grants.reviews.models import Assignment, Panel


def hand_in(session: Session, call: Call, person_id: UUID | None) -> str | None:
    """How this person took part in the call, as a reason code; None if in no way. One query.

    ``own_proposal``: prepared or submitted a version; ``officer_of_case``: decided a formal check, took such a decision
    back, or drew a panel; ``expert_of_case``: was asked to review.
    """
    of_call = Application.call_id == call.id
    own = exists().where(
        Proposal.call_id == call.id, or_(Proposal.prepared_by == person_id, Proposal.submitted_by == person_id)
    )
    checked = exists().where(
        FormalDecision.application_id == Application.id,
        of_call,
        or_(
            FormalDecision.decided_by == person_id,
            FormalDecision.proposed_by == person_id,
            FormalDecision.revoked_by == person_id,
        ),
    )
    drew = exists().where(Panel.application_id == Application.id, of_call, Panel.drawn_by == person_id)
    judged = exists().where(Assignment.application_id == Application.id, of_call, Assignment.expert_id == person_id)
    row = session.execute(select(own, or_(checked, drew), judged)).one()
    codes = ("own_proposal", "officer_of_case", "expert_of_case")
    return next((code for code, found in zip(codes, row, strict=True) if found), None)
