"""Proposals, version by version, and the calls that have or need one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.decisions.domain import FundShare, Lowering, Plan, PlanLine
from grants.decisions.models import Approval, Proposal, ProposalLine
from grants.decisions.states import ProposalState
from grants.kernel.errors import NotFoundError
from grants.reviews.models import Assignment, Panel
from grants.reviews.states import AssignmentState, PanelState

DECIDED = (
    ApplicationState.REVIEWED,
    ApplicationState.PROPOSED,
    ApplicationState.NOT_FUNDED,
    ApplicationState.ON_NOTICE,
    ApplicationState.AWARDED,
)
OPEN = (ApplicationState.ACCEPTED, ApplicationState.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class CallStanding:
    """A call for the list: how many wait for a decision, how many are still in review, the version in force."""

    call: Call
    reviewed: int
    in_review: int
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """The lowest and highest total among a panel's sheets, in hundredths."""

    least: int
    most: int


def list_calls(
    session: Session, visible: ColumnElement[bool], *, after: str | None = None, before: str | None = None
) -> Page[CallStanding]:
    """One page of the calls with reviewed applications, the newest first; three queries."""
    with_reviewed = select(Application.call_id).where(Application.state.in_(DECIDED))
    query = select(Call).where(visible, Call.id.in_(with_reviewed))
    page = paginate(session, query, key=(Call.id,), after=after, before=before, descending=True)
    ids = [call.id for call in page.items]
    counts = _counts(session, ids)
    proposals = {found.call_id: found for found in session.scalars(_current().where(Proposal.call_id.in_(ids)))}
    standings = tuple(
        CallStanding(
            call,
            counts.get((call.id, ApplicationState.REVIEWED), 0),
            sum(counts.get((call.id, state), 0) for state in OPEN),
            proposals.get(call.id),
        )
        for call in page.items
    )
    return Page(standings, page.next, page.previous)


def find_current_proposal(session: Session, call: Call) -> Proposal | None:
    """The version in force with its lines, applications and organisations; None before the first."""
    return session.scalars(_with_lines(_current().where(Proposal.call_id == call.id))).one_or_none()


def find_version(session: Session, call: Call, version: int) -> Proposal | None:
    """One version with its lines, or None."""
    query = select(Proposal).where(Proposal.call_id == call.id, Proposal.version == version)
    return session.scalars(_with_lines(query)).one_or_none()


def get_proposal(session: Session, call: Call, version: int) -> Proposal:
    """One version with its lines; raises NotFoundError."""
    found = find_version(session, call, version)
    if found is None:
        raise NotFoundError(proposal=version)
    return found


def approved_proposal(session: Session, call: Call) -> Proposal | None:
    """The approved version in force, with its lines; None while there is none."""
    query = select(Proposal).where(Proposal.call_id == call.id, Proposal.state == ProposalState.APPROVED)
    return session.scalars(_with_lines(query)).one_or_none()


def list_awaiting_notice(session: Session, visible: ColumnElement[bool]) -> Sequence[Proposal]:
    """Approved proposals with an application that is not yet on notice, by call."""
    waiting = select(Application.call_id).where(Application.state == ApplicationState.PROPOSED)
    query = (
        select(Proposal)
        .join(Proposal.call)
        .where(visible, Proposal.state == ProposalState.APPROVED, Proposal.call_id.in_(waiting))
        .options(contains_eager(Proposal.call), selectinload(Proposal.lines))
        .order_by(Call.ref)
    )
    return session.scalars(query).all()


def list_versions(session: Session, call: Call) -> Sequence[Proposal]:
    """Every version without its lines, the newest first."""
    query = select(Proposal).where(Proposal.call_id == call.id)
    return session.scalars(query.order_by(Proposal.version.desc())).all()


def list_approvals(session: Session, call: Call) -> Sequence[Approval]:
    """Every word of an approver on any version, the latest first."""
    of_call = select(Proposal.id).where(Proposal.call_id == call.id)
    query = select(Approval).where(Approval.proposal_id.in_(of_call))
    return session.scalars(query.order_by(Approval.decided_at.desc(), Approval.id.desc())).all()


def plan_of(proposal: Proposal) -> Plan:
    """The stored lines as the pure value they came from."""
    return Plan(tuple(_plan_line(line) for line in proposal.lines), proposal.ceiling_fen, proposal.shortfall)


def score_ranges(session: Session, application_ids: Sequence[UUID]) -> dict[UUID, ScoreRange]:
    """Lowest and highest sheet per application, of the panel that finished; one query."""
    query = (
        select(Assignment.application_id, func.min(Assignment.total_hundredths), func.max(Assignment.total_hundredths))
        .join(Assignment.panel)
        .where(
            Assignment.application_id.in_(application_ids),
            Panel.state == PanelState.COMPLETED,
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .group_by(Assignment.application_id)
    )
    return {row[0]: ScoreRange(row[1] or 0, row[2] or 0) for row in session.execute(query)}


def _plan_line(line: ProposalLine) -> PlanLine:
    lowering = line.working.get("lowering")
    return PlanLine(
        reference=line.application_id,
        rank=line.rank,
        total_hundredths=line.total_hundredths,
        passed=line.passed,
        requested_fen=line.requested_fen,
        computed_fen=line.computed_fen,
        proposed_fen=line.proposed_fen,
        reason=line.reason,
        lowering=Lowering(lowering["amount_fen"], lowering["reason"]) if lowering else None,
        funds=tuple(FundShare(share["code"], share["fen"]) for share in line.working["funds"]),
        steps=tuple((step["what"], step["amount"]) for step in line.working["steps"]),
    )


def _counts(session: Session, call_ids: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    query = (
        select(Application.call_id, Application.state, func.count())
        .where(Application.call_id.in_(call_ids), Application.state.in_((ApplicationState.REVIEWED, *OPEN)))
        .group_by(Application.call_id, Application.state)
    )
    return {(call_id, state): count for call_id, state, count in session.execute(query)}


def _current() -> Select[Proposal]:
    return select(Proposal).where(Proposal.state != ProposalState.SUPERSEDED)


def _with_lines(query: Select[Proposal]) -> Select[Proposal]:
    lines = selectinload(Proposal.lines).joinedload(ProposalLine.application)
    return query.options(joinedload(Proposal.call), lines.joinedload(Application.organisation))
