"""From the sheets of a panel to its result."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from grants.applications import services as applications
from grants.applications.queries import lock_application
from grants.kernel.actor import Actor
from grants.kernel.errors import InvalidError
from grants.programmes.domain import Case, CaseView, Definition
from grants.reviews import queries
from grants.reviews.domain import (
    Aggregate,
    Sheet,
    aggregate,
)
from grants.reviews.errors import PanelIncompleteError
from grants.reviews.models import Assignment, Panel, ReviewResult
from grants.reviews.services.trail import seats_of
from grants.reviews.states import PANEL, AssignmentState, PanelState


def complete_review(session: Session, panel: Panel, *, actor: Actor, now: datetime) -> ReviewResult | None:
    """Aggregate the sheets of a panel and move the application to ``reviewed``. A second call finds the result.

    Locks the application. Returns None for a panel that was replaced after its last sheet had come in: the one that
    sits now has a completion of its own.

    Raises PanelIncompleteError when a sheet is missing (decision 31: no result, redraw).
    """
    lock_application(session, panel.application_id)
    known = session.get(ReviewResult, panel.application_id)
    if known is not None:
        return known
    session.refresh(panel, ["state"])
    if panel.state is PanelState.REPLACED:
        return None
    seats = seats_of(session, panel)
    if len(seats) != panel.composition["size"] or any(seat.state is not AssignmentState.SUBMITTED for seat in seats):
        raise PanelIncompleteError()
    definition, case = queries.case_of(session, panel.application)
    found = aggregate(
        definition.rubric, [_sheet(seat) for seat in seats], pass_mark_hundredths=_pass_mark(definition, case)
    )
    result = ReviewResult(
        application_id=panel.application_id,
        panel_id=panel.id,
        total_hundredths=found.total_hundredths,
        passed=found.passed,
        flagged=found.flagged,
        working=_working(found),
        computed_at=now,
    )
    session.add(result)
    panel.state = PANEL.next(panel.state, "complete")
    applications.advance(
        session,
        panel.application,
        "complete_review",
        actor=actor,
        now=now,
        detail={"total_hundredths": found.total_hundredths, "passed": found.passed},
    )
    return result


def _sheet(assignment: Assignment) -> Sheet:
    return Sheet(assignment.position, {score.key: score.hundredths or 0 for score in assignment.scores})


def _pass_mark(definition: Definition, case: Case) -> int:
    mark = definition.rubric.pass_mark.evaluate(CaseView(definition, case))
    if not isinstance(mark, Decimal):
        raise InvalidError("pass_mark_unknown")
    return int(mark * 100)


def _working(found: Aggregate) -> dict[str, Any]:
    """The aggregate as exact fractions in text, so that an auditor can recompute it."""
    return {
        "exact": str(found.exact),
        "criteria": {key: str(mean) for key, mean in found.criteria.items()},
        "trimmed": list(found.trimmed),
        "spread_hundredths": found.spread_hundredths,
        "failed_minimums": list(found.failed_minimums),
    }
