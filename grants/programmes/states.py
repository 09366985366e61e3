"""States of the draft of a definition's next version: written by administrators, published by two of them."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class DraftState(StrEnum):
    DRAFTING = "drafting"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


DEFINITION_DRAFT = Lifecycle(
    {
        (DraftState.DRAFTING, "propose"): DraftState.PROPOSED,
        (DraftState.PROPOSED, "take_back"): DraftState.DRAFTING,
        (DraftState.PROPOSED, "refuse"): DraftState.DRAFTING,
        (DraftState.PROPOSED, "approve"): DraftState.PUBLISHED,
        (DraftState.DRAFTING, "discard"): DraftState.DISCARDED,
    }
)
