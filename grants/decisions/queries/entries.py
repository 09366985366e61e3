"""From reviewed applications to the entries of a plan: one query, then arithmetic on frozen cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from grants.applications.models import Application, Revision
from grants.applications.queries import case_json
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.states import Shortfall
from grants.decisions.domain import Entry, FundShare, Lowering, PlanRules, Standing
from grants.decisions.models import Proposal, ProposalLine
from grants.decisions.states import ProposalState
from grants.programmes.domain import CaseView, Definition, case_from_json, funding_amount
from grants.programmes.queries import definition_of
from grants.reviews.models import ReviewResult


@dataclass(frozen=True, slots=True)
class Place:
    """A reviewed application and what the ranking needs to know of it."""

    application: Application
    entry: Entry


def list_places(session: Session, call: Call, former: Proposal | None = None) -> Sequence[Place]:
    """Every application of the call that can be ranked, by id, in one query.

    Those are the reviewed ones; with ``former``, those that version has moved on as well, for superseding it
    brings them back.
    """
    definition = definition_of(call.definition)
    query = (
        select(Revision, ReviewResult)
        .join(Revision.application)
        .join(ReviewResult, ReviewResult.application_id == Application.id)
        .where(Application.call_id == call.id, Revision.number == Application.revision_no, _rankable(former))
        .options(
            contains_eager(Revision.application).joinedload(Application.organisation),
            contains_eager(Revision.application).joinedload(Application.call),
        )
        .order_by(Application.id)
    )
    rows = session.execute(query).all()
    return [Place(revision.application, _entry(definition, revision, result)) for revision, result in rows]


def reviewed_ids(session: Session, call: Call) -> frozenset[UUID]:
    """The applications of the call that wait for a decision now."""
    query = select(Application.id).where(Application.call_id == call.id, Application.state == ApplicationState.REVIEWED)
    return frozenset(session.scalars(query))


def awaits_notice(session: Session, call: Call) -> bool:
    """Whether nothing of the call has been put on notice yet, even if objections have taken all of it off again."""
    published = Application.state.in_((ApplicationState.ON_NOTICE, ApplicationState.AWARDED))
    standing = exists().where(Application.call_id == call.id, published)
    taken_off = exists().where(
        Proposal.call_id == call.id,
        Proposal.state == ProposalState.APPROVED,
        ProposalLine.proposal_id == Proposal.id,
        ProposalLine.proposed_fen > 0,
        ProposalLine.application_id == Application.id,
        Application.state == ApplicationState.NOT_FUNDED,
    )
    return not session.scalar(select(or_(standing, taken_off)))


def plan_rules(
    call: Call, *, shortfall: Shortfall | None = None, lowerings: Mapping[UUID, Lowering] | None = None
) -> PlanRules:
    """The rubric's tie-breaks, the call's funds in order, and its shortfall unless another is given."""
    return PlanRules(
        ties=definition_of(call.definition).rubric.ties,
        funds=[FundShare(fund.code, fund.ceiling_fen) for fund in call.funds],
        shortfall=shortfall or call.shortfall,
        lowerings=lowerings or {},
    )


def _rankable(former: Proposal | None) -> ColumnElement[bool]:
    reviewed = Application.state == ApplicationState.REVIEWED
    if former is None:
        return reviewed
    moved = select(ProposalLine.application_id).where(ProposalLine.proposal_id == former.id)
    decided = Application.state.in_((ApplicationState.PROPOSED, ApplicationState.NOT_FUNDED))
    return or_(reviewed, and_(decided, Application.id.in_(moved)))


def _entry(definition: Definition, revision: Revision, result: ReviewResult) -> Entry:
    case = case_from_json(definition, case_json(revision))
    view, working = CaseView(definition, case), funding_amount(definition, case)
    application = revision.application
    standing = Standing(
        reference=application.id,
        receipt_no=application.receipt_no or 0,
        passed=result.passed,
        exact=Fraction(result.working["exact"]),
        criteria={key: Fraction(mean) for key, mean in result.working["criteria"].items()},
        conditions={
            tie.label: tie.condition.evaluate(view) is True
            for tie in definition.rubric.ties
            if tie.condition is not None
        },
    )
    return Entry(
        standing=standing,
        total_hundredths=result.total_hundredths,
        requested_fen=working.requested_fen or 0,
        computed_fen=working.computed_fen,
        working=working.steps,
    )
