"""States of a call and of an extension. Whether an announced call is open is a question to the clock, never a stored
state."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class CallState(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"


class Shortfall(StrEnum):
    """What happens where the budget does not hold the next amount (decision 32)."""

    CUT_LAST = "cut_last"
    SKIP = "skip"
    STOP = "stop"


CALL = Lifecycle(
    {
        (CallState.DRAFT, "announce"): CallState.ANNOUNCED,
        (CallState.ANNOUNCED, "withdraw"): CallState.WITHDRAWN,
    }
)


class ExtensionState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class ExtensionCause(StrEnum):
    """Why there is more time: one unit's own reason, or an outage that concerned everybody."""

    PERSONAL = "personal"
    OUTAGE = "outage"


EXTENSION = Lifecycle(
    {
        (ExtensionState.PROPOSED, "approve"): ExtensionState.APPROVED,
        (ExtensionState.PROPOSED, "refuse"): ExtensionState.REFUSED,
    }
)
