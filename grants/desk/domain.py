"""Where a case stands, as a row of steps: pure, from its state, its history and the days of each stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from grants.applications.states import ApplicationState

S = ApplicationState


class StepKey(StrEnum):
    """The steps that both sides see, in order."""

    SUBMIT = "submit"
    CHECK = "check"
    DISTRICT = "district"
    FORMAL = "formal"
    REVIEW = "review"
    DECISION = "decision"
    NOTICE = "notice"
    AWARD = "award"


class Mark(StrEnum):
    """How a step is drawn: behind us, at work, waiting for somebody, the end of the road, to come."""

    DONE = "done"
    NOW = "now"
    WAIT = "wait"
    STOP = "stop"
    NEXT = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``done_at``: when it was done. ``days``: working days it takes, where that is laid down."""

    key: StepKey
    mark: Mark
    done_at: datetime | None = None
    days: int | None = None


HERE: Mapping[ApplicationState, tuple[StepKey, Mark]] = {
    S.DRAFT: (StepKey.SUBMIT, Mark.NOW),
    S.SUBMITTED: (StepKey.CHECK, Mark.NOW),
    S.CHECKING: (StepKey.CHECK, Mark.NOW),
    S.CHECK_FAILED: (StepKey.CHECK, Mark.WAIT),
    S.DISTRICT_REVIEW: (StepKey.DISTRICT, Mark.NOW),
    S.CHECKED: (StepKey.FORMAL, Mark.NOW),
    S.RETURNED: (StepKey.FORMAL, Mark.WAIT),
    S.REJECTED: (StepKey.FORMAL, Mark.STOP),
    S.ACCEPTED: (StepKey.REVIEW, Mark.NOW),
    S.UNDER_REVIEW: (StepKey.REVIEW, Mark.NOW),
    S.REVIEWED: (StepKey.DECISION, Mark.NOW),
    S.PROPOSED: (StepKey.DECISION, Mark.NOW),
    S.NOT_FUNDED: (StepKey.DECISION, Mark.STOP),
    S.ON_NOTICE: (StepKey.NOTICE, Mark.NOW),
    S.AWARDED: (StepKey.AWARD, Mark.DONE),
}
DONE_BY: Mapping[str, StepKey] = {  # kind of audit entry -> the step that is over with it
    "application.submitted": StepKey.SUBMIT,
    "application.checked": StepKey.CHECK,
    "application.passed_to_city": StepKey.DISTRICT,
    "application.accepted": StepKey.FORMAL,
    "application.review_completed": StepKey.REVIEW,
    "application.put_on_notice": StepKey.DECISION,
    "application.awarded": StepKey.AWARD,
}
STAGE_OF: Mapping[StepKey, str] = {  # the stage of the definition whose working days a step takes
    StepKey.DISTRICT: "district_review",
    StepKey.FORMAL: "formal_check",
    StepKey.REVIEW: "scoring",
    StepKey.DECISION: "decision",
    StepKey.NOTICE: "notice",
    StepKey.AWARD: "announcement",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of the log about an application: what (past tense) and when."""

    kind: str
    at: datetime


def steps_of(
    state: ApplicationState,
    history: Sequence[HistoryEntry],
    *,
    days: Mapping[str, int],
    with_district: bool,
) -> tuple[Step, ...]:
    """The steps of a case in order.

    ``history``: oldest first. ``days``: working days by stage, of the call. What was withdrawn or has lapsed ends at
    the step it had come to.
    """
    keys = [key for key in StepKey if with_district or key is not StepKey.DISTRICT]
    finished = {DONE_BY[entry.kind]: entry.at for entry in history if entry.kind in DONE_BY}
    here, mark = HERE.get(state) or (_reached(keys, finished), Mark.STOP)
    place = keys.index(here) if here in keys else 0
    return tuple(
        _step(key, index, place, mark, finished.get(key), days.get(STAGE_OF.get(key, "")))
        for index, key in enumerate(keys)
    )


def _step(key: StepKey, index: int, place: int, mark: Mark, done_at: datetime | None, days: int | None) -> Step:
    if index < place or (index == place and mark is Mark.DONE):
        return Step(key, Mark.DONE, done_at=done_at)
    return Step(key, mark if index == place else Mark.NEXT, days=days)


def _reached(keys: Sequence[StepKey], finished: Mapping[StepKey, datetime]) -> StepKey:
    return next((key for key in keys if key not in finished), keys[-1])


class Urgency(StrEnum):
    """How near a last day is."""

    FREE = ""
    SOON = "soon"
    LATE = "late"


SOON_DAYS = 3


def urgency(due_on: date | None, today: date) -> Urgency:
    """Late after the last day, soon from three calendar days before it on."""
    if due_on is None:
        return Urgency.FREE
    left = (due_on - today).days
    if left < 0:
        return Urgency.LATE
    return Urgency.SOON if left <= SOON_DAYS else Urgency.FREE
