"""Keeping and handing in score sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from grants import outbox
from grants.kernel.actor import Actor
from grants.programmes.domain import Rubric
from grants.reviews import policies
from grants.reviews.domain import (
    check_sheet,
    sheet_total,
)
from grants.reviews.errors import IncompleteSheetError
from grants.reviews.models import Assignment, Score
from grants.reviews.services.trail import lock_seat, record_step, rubric_of, seats_of
from grants.reviews.states import ASSIGNMENT, AssignmentState

OPINION_LENGTH = 2_000
COMMENT_LENGTH = 1_000


def save_scores(
    session: Session,
    assignment: Assignment,
    *,
    points: Mapping[str, int | None],
    comments: Mapping[str, str],
    opinion: str,
    actor: Actor,
    now: datetime,
) -> Assignment:
    """Keep a draft of the sheet, incomplete as it may be; points in hundredths.

    Locks the application. Raises ForbiddenError where the seat was given up or given to somebody else meanwhile;
    IncompleteSheetError for points out of range or off the step; nothing is kept then.
    """
    assignment = lock_seat(session, assignment)
    policies.may_score(actor, assignment).require()
    rubric = rubric_of(assignment)
    _require_sound(check_sheet(rubric, points, comments, complete=False))
    _write_scores(session, assignment, rubric, points, comments)
    assignment.opinion = opinion[:OPINION_LENGTH]
    session.flush()
    return assignment


def submit_sheet(
    session: Session,
    assignment: Assignment,
    *,
    points: Mapping[str, int | None],
    comments: Mapping[str, str],
    opinion: str,
    actor: Actor,
    now: datetime,
) -> Assignment:
    """Hand the sheet in for good. The last sheet of a panel announces ``review.panel_completed``.

    Locks the application. Raises ForbiddenError as ``save_scores`` does; IncompleteSheetError naming every missing
    score and comment, and nothing is kept then.
    """
    assignment = lock_seat(session, assignment)
    policies.may_score(actor, assignment).require()
    rubric = rubric_of(assignment)
    _require_sound(check_sheet(rubric, points, comments, complete=True))
    _write_scores(session, assignment, rubric, points, comments)
    assignment.opinion = opinion[:OPINION_LENGTH]
    assignment.total_hundredths = sheet_total(rubric, points)
    assignment.submitted_at = now
    assignment.state = ASSIGNMENT.next(assignment.state, "submit")
    record_step(session, assignment, "sheet.submitted", actor=actor, now=now)
    session.flush()
    if all(seat.state is AssignmentState.SUBMITTED for seat in seats_of(session, assignment.panel)):
        outbox.publish(session, "review.panel_completed", {"panel_id": str(assignment.panel_id)})
    return assignment


def _require_sound(faults: tuple[Any, ...]) -> None:
    if faults:
        raise IncompleteSheetError(faults)


def _write_scores(
    session: Session,
    assignment: Assignment,
    rubric: Rubric,
    points: Mapping[str, int | None],
    comments: Mapping[str, str],
) -> None:
    known = {score.key: score for score in assignment.scores}
    for criterion in rubric.criteria:
        for sub in criterion.subs:
            score = known.get(sub.key) or Score(assignment=assignment, key=sub.key)
            score.hundredths = points.get(sub.key)
            score.comment = comments.get(sub.key, "").strip()[:COMMENT_LENGTH]
            session.add(score)
