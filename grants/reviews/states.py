"""States of a panel and of one expert's assignment to it."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class PanelState(StrEnum):
    CURRENT = "current"
    REPLACED = "replaced"
    COMPLETED = "completed"


class AssignmentState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUBMITTED = "submitted"
    VOID = "void"


PANEL = Lifecycle(
    {
        (PanelState.CURRENT, "replace"): PanelState.REPLACED,
        (PanelState.CURRENT, "complete"): PanelState.COMPLETED,
    }
)
A = AssignmentState
ASSIGNMENT = Lifecycle(
    {
        (A.INVITED, "accept"): A.ACCEPTED,
        (A.INVITED, "decline"): A.DECLINED,
        (A.ACCEPTED, "decline"): A.DECLINED,
        (A.ACCEPTED, "submit"): A.SUBMITTED,
        **{(state, "void"): A.VOID for state in (A.INVITED, A.ACCEPTED, A.SUBMITTED)},
    }
)
