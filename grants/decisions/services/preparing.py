"""Making the next version of a proposal. A version is never edited: every change is a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grants import audit
from grants.applications import services as applications
from grants.calls.models import Call
from grants.calls.states import Shortfall
from grants.db import lock_one
from grants.decisions import policies, queries
from grants.decisions.domain import STEP_FEN, Entry, Lowering, Plan, PlanLine, plan_awards
from grants.decisions.models import Approval, Proposal, ProposalLine
from grants.decisions.states import PROPOSAL, ProposalState
from grants.kernel.actor import Actor
from grants.kernel.canonical import fingerprint
from grants.kernel.errors import IllegalTransitionError, InvalidError


@dataclass(frozen=True, slots=True)
class ProposalChange:
    """What the next version does differently.

    ``lowerings``: an amount below the computed one with its reason, or None to give the computed amount again; lines
    that are not named keep what the version before had. ``shortfall`` None keeps it too. ``note`` says why.
    """

    lowerings: Mapping[UUID, Lowering | None] = field(default_factory=dict)
    shortfall: Shortfall | None = None
    note: str = ""


def prepare_proposal(
    session: Session,
    call: Call,
    *,
    actor: Actor,
    now: datetime,
    changes: ProposalChange | None = None,
    expected_version: int | None = None,
) -> Proposal:
    """Rank the reviewed applications of the call and propose amounts within its budget, as the next version.

    Effects, in order: takes the call's proposals alone; supersedes the version in force, voids its approval and, where
    it was approved, brings its applications back to ``reviewed``; adds the new version with its lines; records
    ``proposal.prepared``.

    Args:
        expected_version: the version that the officer saw (0 for none); another one in force means that somebody was
            quicker.

    Raises:
        ForbiddenError: not an officer of the call, or its notice is out (``already_on_notice``).
        IllegalTransitionError: ``expected_version`` is no longer in force.
        InvalidError: ``nothing_to_rank``; or a lowering that is none, is not in whole 10,000 yuan, or lacks its reason.
    """
    lock_one(session, f"proposal:{call.id}")
    policies.may_prepare(actor, call, awaits_notice=queries.awaits_notice(session, call)).require()
    former = queries.find_current_proposal(session, call)
    if expected_version is not None and expected_version != (former.version if former else 0):
        raise IllegalTransitionError(expected=expected_version)
    changes = changes or ProposalChange()
    places = queries.list_places(session, call, former)
    entries = [place.entry for place in places]
    if not entries:
        raise InvalidError("nothing_to_rank")
    plan = _plan(call, former, entries, changes)
    if former is not None:
        _supersede(session, former, actor=actor, now=now)
    proposal = _add_version(session, call, plan, note=changes.note, actor=actor, now=now)
    audit.record(session, actor, "proposal.prepared", ("call", call.id), at=now, detail=_detail(proposal, plan))
    return proposal


def _plan(call: Call, former: Proposal | None, entries: Sequence[Entry], changes: ProposalChange) -> Plan:
    kept = {line.reference: line.lowering for line in queries.plan_of(former).lines} if former else {}
    merged = {**kept, **changes.lowerings}
    lowerings = {reference: lowering for reference, lowering in merged.items() if lowering is not None}
    computed = {entry.standing.reference: entry.computed_fen or 0 for entry in entries}
    for reference, changed in changes.lowerings.items():
        _require_sound(changed, computed.get(reference))
    shortfall = changes.shortfall or (former.shortfall if former else call.shortfall)
    return plan_awards(entries, queries.plan_rules(call, shortfall=shortfall, lowerings=lowerings))


def _require_sound(lowering: Lowering | None, computed_fen: int | None) -> None:
    if computed_fen is None:
        raise InvalidError("not_in_ranking")
    if lowering is None:
        return
    if not 0 <= lowering.amount_fen < computed_fen:
        raise InvalidError("not_lower_than_computed")
    if lowering.amount_fen % STEP_FEN:
        raise InvalidError("not_whole_wan_yuan")
    if not lowering.reason.strip():
        raise InvalidError("lowering_needs_reason")


def _supersede(session: Session, former: Proposal, *, actor: Actor, now: datetime) -> None:
    was_approved = former.state is ProposalState.APPROVED
    former.state = PROPOSAL.next(former.state, "supersede")
    session.execute(
        update(Approval).where(Approval.proposal_id == former.id, Approval.voided_at.is_(None)).values(voided_at=now),
        execution_options={"synchronize_session": "fetch"},
    )
    if was_approved:
        for line in former.lines:
            detail = {"superseded_version": former.version}
            applications.advance(session, line.application, "reopen", actor=actor, now=now, detail=detail)
    session.flush()


def _add_version(session: Session, call: Call, plan: Plan, *, note: str, actor: Actor, now: datetime) -> Proposal:
    latest = session.scalar(select(func.max(Proposal.version)).where(Proposal.call_id == call.id)) or 0
    proposal = Proposal(
        call=call,
        version=latest + 1,
        ceiling_fen=plan.ceiling_fen,
        shortfall=plan.shortfall,
        note=note,
        sha256=fingerprint(_content(call, latest + 1, plan)),
        prepared_by=actor.person_id,
        prepared_at=now,
        lines=[_line(line) for line in plan.lines],
    )
    session.add(proposal)
    session.flush()
    return proposal


def _line(line: PlanLine) -> ProposalLine:
    return ProposalLine(
        application_id=line.reference,
        rank=line.rank,
        total_hundredths=line.total_hundredths,
        passed=line.passed,
        requested_fen=line.requested_fen,
        computed_fen=line.computed_fen,
        proposed_fen=line.proposed_fen,
        reason=line.reason,
        working=_working(line),
    )


def _working(line: PlanLine) -> dict[str, Any]:
    lowering = line.lowering
    return {
        "steps": [{"what": what, "amount": amount} for what, amount in line.steps],
        "funds": [{"code": share.code, "fen": share.fen} for share in line.funds],
        "lowering": {"amount_fen": lowering.amount_fen, "reason": lowering.reason} if lowering else None,
    }


def _content(call: Call, version: int, plan: Plan) -> dict[str, Any]:
    """What the fingerprint of a version covers: everything an approver decides on."""
    return {
        "call": call.ref,
        "version": version,
        "ceiling_fen": plan.ceiling_fen,
        "shortfall": plan.shortfall,
        "funds": [{"code": fund.code, "ceiling_fen": fund.ceiling_fen} for fund in call.funds],
        "lines": [
            {
                "application": line.reference,
                "rank": line.rank,
                "total_hundredths": line.total_hundredths,
                "passed": line.passed,
                "requested_fen": line.requested_fen,
                "computed_fen": line.computed_fen,
                "proposed_fen": line.proposed_fen,
                "reason": line.reason,
                **_working(line),
            }
            for line in plan.lines
        ],
    }


def _detail(proposal: Proposal, plan: Plan) -> dict[str, object]:
    return {
        "version": proposal.version,
        "sha256": proposal.sha256,
        "shortfall": plan.shortfall,
        "funded": plan.funded,
        "proposed_fen": plan.proposed_fen,
        "note": proposal.note,
    }
