"""States of a membership: registering a credit code proves nothing until an officer has approved the papers
(decision 11) or a verified owner has vouched for the person (docs/decisions/0031); and of an invitation."""

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


class InvitationState(StrEnum):
    """Open past its time means expired."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


S = MembershipState
MEMBERSHIP = Lifecycle(
    {
        (S.UNVERIFIED, "verify"): S.VERIFIED,
        (S.UNVERIFIED, "refuse"): S.REFUSED,
        (S.UNVERIFIED, "vouch"): S.VERIFIED,
        (S.REFUSED, "vouch"): S.VERIFIED,
        (S.ENDED, "vouch"): S.VERIFIED,
        (S.REFUSED, "resubmit"): S.UNVERIFIED,
        (S.ENDED, "resubmit"): S.UNVERIFIED,
        (S.VERIFIED, "end"): S.ENDED,
        (S.UNVERIFIED, "end"): S.ENDED,
    }
)


def lets_act(state: MembershipState, may_draft: bool) -> bool:
    """Whether a membership lets its person act for the organisation; drafting counts, submitting asks for more."""
    return state is MembershipState.VERIFIED or (state is MembershipState.UNVERIFIED and may_draft)
