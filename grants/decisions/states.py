"""States of a proposal."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class ProposalState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


S = ProposalState
PROPOSAL = Lifecycle(
    {
        (S.DRAFT, "submit"): S.SUBMITTED,
        (S.SUBMITTED, "approve"): S.APPROVED,
        (S.SUBMITTED, "return"): S.RETURNED,
        **{(state, "supersede"): S.SUPERSEDED for state in (S.DRAFT, S.SUBMITTED, S.APPROVED, S.RETURNED)},
    }
)
