"""Preparing, submitting, approving and returning a proposal."""

from grants.decisions.services.approving import approve_proposal, return_proposal, submit_proposal
from grants.decisions.services.preparing import ProposalChange, prepare_proposal

__all__ = ["ProposalChange", "approve_proposal", "prepare_proposal", "return_proposal", "submit_proposal"]
