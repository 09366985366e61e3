"""Drawing a panel, and replacing those who declined."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.queries import recipients
from grants.applications import services as applications
from grants.applications.models import Application
from grants.kernel.actor import Actor
from grants.kernel.errors import InvalidError
from grants.notifications import notify
from grants.programmes.domain import CaseView, Rubric
from grants.reviews import policies, queries
from grants.reviews.domain import (
    Candidate,
    Composition,
)
from grants.reviews.domain import (
    draw_panel as draw,
)
from grants.reviews.models import Assignment, Expert, Panel
from grants.reviews.services.trail import seats_of
from grants.reviews.states import PANEL, AssignmentState

KEPT_STATES = frozenset({AssignmentState.INVITED, AssignmentState.ACCEPTED, AssignmentState.SUBMITTED})


def draw_panel(
    session: Session, application: Application, *, seed: str, actor: Actor, now: datetime, reason: str = ""
) -> Panel:
    """Draw a panel, or replace the members who declined, keeping those who did not.

    Effects, in order: locks the application and moves it to ``under_review`` (a withdrawal locks the same row, decision
    22); replaces the panel before; records pool, exclusions, kept members and seed; invites the drawn; audits.

    Raises:
        ForbiddenError: not an officer of the call, or the application is not accepted or under review.
        InvalidError: ``redraw_needs_reason``, or ``panel_complete`` where nobody has declined.
        NoAdmissiblePanelError: names what blocks; nothing has been changed.
    """
    policies.may_draw(actor, application).require()
    applications.advance(session, application, "draw_panel", actor=actor, now=now)
    before = queries.find_current_panel(session, application.id)
    kept = _kept(before, reason)
    definition, case = queries.case_of(session, application)
    composition = composition_of(definition.rubric, CaseView(definition, case))
    experts = queries.list_active_experts(session)
    excluded = queries.list_excluded(session, application, experts, queries.party_codes(definition, case))
    out = {item.expert_id for item in excluded} | {assignment.expert_id for assignment in kept}
    pool = [_candidate(expert, definition.rubric) for expert in experts if expert.person_id not in out]
    seats = draw(pool, composition, seed=seed, kept=[_candidate(seat.expert, definition.rubric) for seat in kept])
    panel = Panel(
        application=application,
        number=before.number + 1 if before else 1,
        seed=seed,
        composition={"size": composition.size, "minimums": dict(composition.minimums)},
        pool=[{"expert": candidate.id, "strata": sorted(candidate.strata)} for candidate in pool],
        excluded=[{"expert": str(item.expert_id), "reason": item.reason} for item in excluded],
        kept=[str(assignment.expert_id) for assignment in kept],
        reason=reason,
        drawn_by=actor.person_id,
        drawn_at=now,
    )
    if before is not None:
        before.state = PANEL.next(before.state, "replace")
    session.add(panel)
    session.flush()
    sitting = {str(assignment.expert_id): assignment for assignment in kept}
    for position, seat in enumerate(seats, 1):
        if seat.id in sitting:
            sitting[seat.id].panel, sitting[seat.id].position, sitting[seat.id].stratum = panel, position, seat.stratum
        else:
            _invite(session, panel, UUID(seat.id), position, seat.stratum)
    session.flush()
    _tell_invited(session, panel, now=now)
    audit.record(
        session,
        actor,
        "panel.drawn",
        ("application", application.id),
        at=now,
        detail={"panel": panel.number, "seed": seed, "pool": len(pool), "excluded": len(excluded), "reason": reason},
    )
    return panel


def composition_of(rubric: Rubric, view: CaseView) -> Composition:
    """What the rubric asks of this case's panel; raises InvalidError where its size cannot be known."""
    size = rubric.panel_size.evaluate(view)
    if not isinstance(size, Decimal):
        raise InvalidError("panel_size_unknown")
    return Composition(int(size), {stratum.key: stratum.minimum for stratum in rubric.strata})


def _kept(before: Panel | None, reason: str) -> list[Assignment]:
    if before is None:
        return []
    if not reason.strip():
        raise InvalidError("redraw_needs_reason")
    kept = [assignment for assignment in before.assignments if assignment.state in KEPT_STATES]
    if len(kept) == len(before.assignments):
        raise InvalidError("panel_complete")
    return kept


def _candidate(expert: Expert, rubric: Rubric) -> Candidate:
    """An expert in the rubric's own strata: one whose specialties include one of the stratum's."""
    held = set(expert.strata)
    return Candidate(
        str(expert.person_id), frozenset(stratum.key for stratum in rubric.strata if held & set(stratum.specialties))
    )


def _invite(session: Session, panel: Panel, expert_id: UUID, position: int, stratum: str) -> None:
    session.add(
        Assignment(
            panel=panel,
            application_id=panel.application.id,
            expert_id=expert_id,
            position=position,
            stratum=stratum,
            state=AssignmentState.INVITED,
        )
    )


def _tell_invited(session: Session, panel: Panel, *, now: datetime) -> None:
    invited = [seat for seat in seats_of(session, panel) if seat.state is AssignmentState.INVITED]
    application = panel.application
    notify(
        session,
        event_key=f"review.assigned:{panel.id}",
        kind="review.assigned",
        recipients=recipients(session, [seat.expert_id for seat in invited]),
        facts={"name": application.call.title, "ref": application.ref or ""},
        path="/review/",
        now=now,
    )
