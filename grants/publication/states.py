"""States of a notice, of an objection and of an award list."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class NoticeState(StrEnum):
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # an upheld objection led to a new version
    RELEASED = "released"  # its final list is out


class ObjectionState(StrEnum):
    FILED = "filed"
    REJECTED = "rejected"
    UPHELD = "upheld"


class AwardListState(StrEnum):
    PREPARED = "prepared"
    RELEASED = "released"
    DISCARDED = "discarded"


NOTICE = Lifecycle(
    {
        (NoticeState.PUBLISHED, "supersede"): NoticeState.SUPERSEDED,
        (NoticeState.PUBLISHED, "release"): NoticeState.RELEASED,
    }
)
OBJECTION = Lifecycle(
    {
        (ObjectionState.FILED, "reject"): ObjectionState.REJECTED,
        (ObjectionState.FILED, "uphold"): ObjectionState.UPHELD,
    }
)
AWARD_LIST = Lifecycle(
    {
        (AwardListState.PREPARED, "release"): AwardListState.RELEASED,
        (AwardListState.PREPARED, "discard"): AwardListState.DISCARDED,
    }
)
