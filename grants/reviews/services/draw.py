"""Drawing a panel, and replacing members who declined, may not judge any more or do not answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.queries import recipients
from grants.applications import services as applications
from grants.applications.models import Application
from grants.eligibility.queries import find_open_revocation
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.notifications import notify
from grants.programmes.domain import CaseView, Rubric
from grants.reviews import policies, queries
from grants.reviews.domain import (
    Candidate,
    Composition,
    Seat,
)
from grants.reviews.domain import (
    draw_panel as draw,
)
from grants.reviews.models import Assignment, Expert, Panel
from grants.reviews.services.trail import seats_of
from grants.reviews.states import ASSIGNMENT, PANEL, AssignmentState

SITTING_STATES = frozenset({AssignmentState.INVITED, AssignmentState.ACCEPTED, AssignmentState.SUBMITTED})


def draw_panel(
    session: Session,
    application: Application,
    *,
    seed: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    released: Collection[UUID] = (),
    replaces: int | None = None,
) -> Panel:
    """Draw a panel, or replace members, keeping those who stay with the sheets they have handed in.

    Replaced are those who declined; those who may not or cannot judge any more (``queries.list_leaving``); and those
    of ``released``, experts who have not handed in their sheet and whom the officer gives up waiting for.

    Effects, in order: locks the application and moves it to ``under_review`` (a withdrawal locks the same row, decision
    22); replaces the panel before and voids the seats given up; records pool, exclusions, kept members and seed;
    invites the drawn; audits.

    Args:
        replaces: the number of the panel that the officer has seen, 0 for none; None asks nothing.

    Raises:
        ForbiddenError: not an officer of the call, the application is not accepted or under review, or it is proposed
            that its acceptance be revoked.
        IllegalTransitionError: a colleague has drawn meanwhile.
        InvalidError: ``redraw_needs_reason``; ``panel_complete`` where nobody is to be replaced; ``sheet_handed_in``
            where one of ``released`` has.
        NoAdmissiblePanelError: names what blocks; nothing has been changed.
    """
    policies.may_draw(actor, application).require()
    applications.advance(session, application, "draw_panel", actor=actor, now=now)
    if find_open_revocation(session, application) is not None:
        raise ForbiddenError("revocation_proposed")
    before = queries.find_current_panel(session, application.id)
    number = before.number if before else 0
    if replaces not in (None, number):
        raise IllegalTransitionError(panel=number)
    definition, case = queries.case_of(session, application)
    codes = queries.party_codes(definition, case)
    leaving = queries.list_leaving(session, application, before, codes) if before else {}
    kept = _kept(before, leaving, frozenset(released), reason)
    composition = composition_of(definition.rubric, CaseView(definition, case))
    experts = queries.list_active_experts(session)
    excluded = queries.list_excluded(session, application, experts, codes)
    excluded += [
        queries.Excluded(expert_id, "released")
        for expert_id in released
        if expert_id not in {item.expert_id for item in excluded}
    ]
    out = {item.expert_id for item in excluded} | {assignment.expert_id for assignment in kept}
    pool = [_candidate(expert, definition.rubric) for expert in experts if expert.person_id not in out]
    seats = draw(pool, composition, seed=seed, kept=[_candidate(seat.expert, definition.rubric) for seat in kept])
    panel = Panel(
        application=application,
        number=number + 1,
        seed=seed,
        composition={"size": composition.size, "minimums": dict(composition.minimums)},
        pool=[{"expert": candidate.id, "strata": sorted(candidate.strata)} for candidate in pool],
        excluded=[{"expert": str(item.expert_id), "reason": item.reason} for item in excluded],
        kept=[str(assignment.expert_id) for assignment in kept],
        reason=reason.strip(),
        drawn_by=actor.person_id,
        drawn_at=now,
    )
    if before is not None:
        _replace(before, kept)
    session.add(panel)
    session.flush()
    _seat(session, panel, seats, {str(assignment.expert_id): assignment for assignment in kept})
    _tell_invited(session, panel, now=now)
    audit.record(
        session,
        actor,
        "panel.drawn",
        ("application", application.id),
        at=now,
        detail={
            "panel": panel.number,
            "seed": seed,
            "pool": len(pool),
            "excluded": len(excluded),
            "reason": panel.reason,
            "released": sorted(str(expert_id) for expert_id in released),
        },
    )
    return panel


def composition_of(rubric: Rubric, view: CaseView) -> Composition:
    """What the rubric asks of this case's panel; raises InvalidError where its size cannot be known."""
    size = rubric.panel_size.evaluate(view)
    if not isinstance(size, Decimal):
        raise InvalidError("panel_size_unknown")
    return Composition(int(size), {stratum.key: stratum.minimum for stratum in rubric.strata})


def _kept(before: Panel | None, leaving: Collection[UUID], released: frozenset[UUID], reason: str) -> list[Assignment]:
    """The members who stay; raises InvalidError where a redraw lacks its reason or its object."""
    if before is None:
        return []
    if not reason.strip():
        raise InvalidError("redraw_needs_reason")
    sitting = [seat for seat in before.assignments if seat.state in SITTING_STATES]
    if any(seat.state is AssignmentState.SUBMITTED and seat.expert_id in released for seat in sitting):
        raise InvalidError("sheet_handed_in")
    kept = [seat for seat in sitting if seat.expert_id not in released and seat.expert_id not in leaving]
    if len(kept) == len(before.assignments):
        raise InvalidError("panel_complete")
    return kept


def _replace(before: Panel, kept: Sequence[Assignment]) -> None:
    """End a panel; whoever sat on it and does not stay has a void seat."""
    for seat in before.assignments:
        if seat.state in SITTING_STATES and seat not in kept:
            seat.state = ASSIGNMENT.next(seat.state, "void")
    before.state = PANEL.next(before.state, "replace")


def _seat(session: Session, panel: Panel, seats: Sequence[Seat], sitting: Mapping[str, Assignment]) -> None:
    """Give the drawn their seats; those who stay take theirs, with the sheet, to the new panel."""
    for position, seat in enumerate(seats, 1):
        if seat.id in sitting:
            sitting[seat.id].panel, sitting[seat.id].position, sitting[seat.id].stratum = panel, position, seat.stratum
        else:
            _invite(session, panel, UUID(seat.id), position, seat.stratum)
    session.flush()


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
