"""Who may draw, declare, score and read (decision 10). An expert sees assigned applications and nobody else's sheet."""

from __future__ import annotations

from grants.applications.models import Application
from grants.applications.states import APPLICATION
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.reviews.models import Assignment
from grants.reviews.states import ASSIGNMENT, AssignmentState, PanelState

OPEN_SHEETS = frozenset({AssignmentState.ACCEPTED})


def may_draw(actor: Actor, application: Application) -> Verdict:
    """An officer of the call, while the application is accepted or its panel has not finished."""
    return first_refusal(
        (actor.covers(Role.OFFICER, application.call.ref), "role_missing"),
        (APPLICATION.allows(application.state, "draw_panel"), "not_ready_for_review"),
    )


def may_see_panels(actor: Actor, application: Application) -> Verdict:
    """Officers, approvers and administrators of the call, and auditors. Nobody else learns who sits on a panel."""
    roles = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)
    return first_refusal((any(actor.covers(role, application.call.ref) for role in roles), "not_found"))


def may_see_names(actor: Actor) -> Verdict:
    """Whoever works with panels; an auditor reads without personal data (decision 10)."""
    return first_refusal((actor.has(Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR), "role_missing"))


def may_read(actor: Actor, assignment: Assignment) -> Verdict:
    """The expert assigned, once they have undertaken to be impartial and discreet."""
    return first_refusal(
        (assignment.expert_id == actor.person_id, "not_found"),
        *_still_theirs(assignment),
        (assignment.state in {AssignmentState.ACCEPTED, AssignmentState.SUBMITTED}, "undertaking_missing"),
    )


def may_answer(actor: Actor, assignment: Assignment) -> Verdict:
    """The expert assigned may accept or decline an invitation, and still decline before handing in."""
    return first_refusal(
        (assignment.expert_id == actor.person_id, "not_found"),
        *_still_theirs(assignment),
        (ASSIGNMENT.allows(assignment.state, "decline"), "already_answered"),
    )


def may_score(actor: Actor, assignment: Assignment) -> Verdict:
    """The expert assigned, between the undertaking and the submission of the sheet."""
    return first_refusal(
        (assignment.expert_id == actor.person_id, "not_found"),
        *_still_theirs(assignment),
        (assignment.state is not AssignmentState.SUBMITTED, "sheet_submitted"),
        (assignment.state in OPEN_SHEETS, "undertaking_missing"),
    )


def _still_theirs(assignment: Assignment) -> tuple[tuple[bool, str], ...]:
    """Whether the seat has been given up, by the expert or by the office."""
    replaced = assignment.state is AssignmentState.VOID or assignment.panel.state is PanelState.REPLACED
    return (
        (assignment.state is not AssignmentState.DECLINED, "seat_declined"),
        (not replaced, "panel_replaced"),
    )
