"""States of a membership: registering a credit code proves nothing until an officer has approved the papers
(decision 11)."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class MembershipState(StrEnum):
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    REFUSED = "refused"
    ENDED = "ended"


class Level(StrEnum):
    """What a member may do for the organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    SIGNATORY = "signatory"
    READER = "reader"


S = MembershipState
MEMBERSHIP = Lifecycle(
    {
        (S.UNVERIFIED, "verify"): S.VERIFIED,
        (S.UNVERIFIED, "refuse"): S.REFUSED,
        (S.REFUSED, "resubmit"): S.UNVERIFIED,
        (S.VERIFIED, "end"): S.ENDED,
        (S.UNVERIFIED, "end"): S.ENDED,
    }
)


def lets_act(state: MembershipState, may_draft: bool) -> bool:
    """Whether a membership lets its person act for the organisation; drafting counts, submitting asks for more."""
    return state is MembershipState.VERIFIED or (state is MembershipState.UNVERIFIED and may_draft)
