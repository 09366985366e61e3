"""Planning, announcing and withdrawing calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.calls import policies, queries
from grants.calls.domain import CallPlan, FundPlan, complete_plan, ref_year
from grants.calls.errors import CallFaultsError
from grants.calls.models import Call, CallFund
from grants.calls.states import CALL, CallState, Shortfall
from grants.db import lock_one
from grants.kernel.actor import Actor
from grants.kernel.canonical import fingerprint
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.programmes.errors import InputFault
from grants.programmes.models import DefinitionVersion
from grants.programmes.queries import definition_of


def draft_call(
    session: Session, plan: CallPlan, *, definition_version: DefinitionVersion, actor: Actor, now: datetime
) -> Call:
    """Keep the plan of a round that nobody outside sees yet.

    An empty ``ref`` takes the next free one of the programme in the year in which the call opens. Records
    ``call.drafted``.

    Raises:
        ForbiddenError: the actor may not manage calls, or the version is not published (``definition_not_published``).
        CallFaultsError: the plan has faults, all of them told; a reference that is taken is one.
    """
    policies.may_manage(actor).require()
    if definition_version.published_at is None:
        raise ForbiddenError("definition_not_published")
    lock_one(session, "call-refs")
    code = definition_version.programme.code
    ref = plan.ref or queries.next_ref(session, code, local_date(plan.opens_at).year)
    plan = complete_plan(definition_of(definition_version), replace(plan, ref=ref))
    _require_free(session, plan.ref)
    call = Call(definition=definition_version, state=CallState.DRAFT)
    _write(call, plan)
    session.add(call)
    session.flush()
    audit.record(session, actor, "call.drafted", ("call", call.id), at=now, detail=_detail(call))
    return call


def edit_call(
    session: Session, call: Call, plan: CallPlan, *, base: str | None = None, actor: Actor, now: datetime
) -> Call:
    """Replace the plan of a draft. Records ``call.edited`` with the whole new plan.

    ``base``: fingerprint of the plan that the editor saw (``plan_fingerprint``); None edits whatever stands there.

    Raises:
        ForbiddenError: the actor may not manage calls, or the call is announced.
        IllegalTransitionError: somebody else has changed the draft since ``base`` was read; nothing is overwritten.
        CallFaultsError: as ``draft_call``.
    """
    lock_one(session, "call-refs")
    _lock(session, call)
    policies.may_edit(actor, call).require()
    _require_unchanged(call, base)
    plan = complete_plan(definition_of(call.definition), plan)
    if plan.ref != call.ref:
        _require_free(session, plan.ref)
    _replace_funds(session, call)
    _write(call, plan)
    session.flush()
    audit.record(session, actor, "call.edited", ("call", call.id), at=now, detail=_detail(call))
    return call


def announce_call(session: Session, call: Call, *, base: str | None = None, actor: Actor, now: datetime) -> Call:
    """Make a draft public, for good: from now on its figures stand.

    Effects, in order: ``draft -> announced``, notes the instant, records ``call.announced`` with the whole plan.

    Raises:
        ForbiddenError: the actor may not manage calls, or it is announced already (``call_announced``).
        IllegalTransitionError: the draft is no longer the one that was confirmed (``base``).
        InvalidError: it would be closed before anybody could apply (``call_over_before_announced``).
    """
    _lock(session, call)
    policies.may_edit(actor, call).require()
    _require_unchanged(call, base)
    if call.closes_at <= now:
        raise InvalidError("call_over_before_announced", closes_at=call.closes_at.isoformat())
    call.state = CALL.next(call.state, "announce")
    call.announced_at = now
    session.flush()
    audit.record(session, actor, "call.announced", ("call", call.id), at=now, detail=_detail(call))
    return call


def withdraw_call(session: Session, call: Call, *, reason: str, actor: Actor, now: datetime) -> Call:
    """Take back an announced call that has not opened yet; it stays visible as withdrawn. Records ``call.withdrawn``.

    Raises:
        ForbiddenError: the actor may not, or the call has opened (``call_has_opened``).
    """
    _lock(session, call)
    policies.may_withdraw(actor, call, now=now).require()
    call.state = CALL.next(call.state, "withdraw")
    session.flush()
    audit.record(session, actor, "call.withdrawn", ("call", call.id), at=now, detail={"reason": reason})
    return call


def open_call(
    session: Session,
    *,
    definition_version: DefinitionVersion,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    funds: Sequence[tuple[str, str, int]],
    contact: str,
    actor: Actor,
    now: datetime,
    ref: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    shortfall: Shortfall = Shortfall.CUT_LAST,
    grace_minutes: int = 0,
    stage_days: Mapping[str, int] | None = None,
) -> Call:
    """Draft and announce a call in one go. Figures left out are the definition's.

    ``funds``: (code, title, ceiling in fen), at least one.

    Raises:
        As ``draft_call`` and ``announce_call``.
    """
    plan = CallPlan(
        ref=ref or "",
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        funds=tuple(FundPlan(code, name, ceiling_fen) for code, name, ceiling_fen in funds),
        parameters=parameters or {},
        shortfall=shortfall,
        grace_minutes=grace_minutes,
        stage_days=stage_days or {},
        contact=contact,
    )
    call = draft_call(session, plan, definition_version=definition_version, actor=actor, now=now)
    return announce_call(session, call, actor=actor, now=now)


def plan_of(call: Call) -> CallPlan:
    """The plan as it stands in the call."""
    return CallPlan(
        ref=call.ref,
        title=call.title,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        funds=tuple(FundPlan(fund.code, fund.title, fund.ceiling_fen) for fund in call.funds),
        parameters=dict(call.parameters),
        shortfall=call.shortfall,
        grace_minutes=call.grace_minutes,
        stage_days=dict(call.stage_days),
        contact=call.contact,
    )


def plan_fingerprint(call: Call) -> str:
    """What tells one version of a draft from another."""
    return fingerprint(asdict(plan_of(call)))


def _write(call: Call, plan: CallPlan) -> None:
    call.ref, call.title, call.year = plan.ref, plan.title, ref_year(plan.ref)
    call.opens_at, call.closes_at, call.asof_on = plan.opens_at, plan.closes_at, local_date(plan.closes_at)
    call.parameters, call.stage_days = dict(plan.parameters), dict(plan.stage_days)
    call.shortfall, call.grace_minutes, call.contact = plan.shortfall, plan.grace_minutes, plan.contact
    call.funds = [
        CallFund(code=fund.code, title=fund.title, ceiling_fen=fund.ceiling_fen, position=position)
        for position, fund in enumerate(plan.funds)
    ]


def _replace_funds(session: Session, call: Call) -> None:
    """Remove the old rows first: the new ones may bear the same codes."""
    for fund in call.funds:
        session.delete(fund)
    session.flush()
    session.expire(call, ["funds"])


def _lock(session: Session, call: Call) -> None:
    """Hold the call's row, then forget what was read of it and of its funds before."""
    session.execute(select(Call.id).where(Call.id == call.id).with_for_update())
    session.expire(call)


def _require_free(session: Session, ref: str) -> None:
    if session.scalar(select(Call.id).where(Call.ref == ref)) is not None:
        raise CallFaultsError([InputFault("ref", f"编号 {ref} 已被使用。")])


def _require_unchanged(call: Call, base: str | None) -> None:
    if base is not None and base != plan_fingerprint(call):
        raise IllegalTransitionError(call=call.ref, event="edit")


def _detail(call: Call) -> dict[str, Any]:
    return {**asdict(plan_of(call)), "definition_sha256": call.definition.fingerprint}
