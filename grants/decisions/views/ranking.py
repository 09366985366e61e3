"""The ranking: look, try another policy, make the next version, adjust one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.applications.queries import get_by_ref
from grants.calls.models import Call
from grants.calls.states import Shortfall
from grants.db import db, transactional
from grants.decisions import policies, presenters, queries, services
from grants.decisions.domain import FundShare, Lowering, Plan, PlanLine, compare_plans, plan_awards, reallocate
from grants.decisions.forms import LineForm, PrepareForm
from grants.decisions.models import Proposal
from grants.decisions.services import ProposalChange
from grants.decisions.states import ProposalState
from grants.decisions.views.blueprint import READERS, bp, visible_call
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError, NotFoundError
from grants.web.guards import current_actor, requires


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: a stored version, a policy tried on it, or a plan that nobody has stored yet.

    ``before``: the lines it is compared with, those of the version before or, while trying, of the version in force.
    """

    plan: Plan
    proposal: Proposal | None
    applications: dict[UUID, Application]
    before: tuple[PlanLine, ...]
    tried: Shortfall | None


@bp.route("/staff/ranking")
@requires(*READERS)
@transactional
def list_calls() -> ResponseReturnValue:
    """Calls with reviewed cases."""
    page = queries.list_calls(
        db.session(),
        policies.visible_to(current_actor()),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return render_template("decisions/list_calls.html", page=page)


@bp.route("/staff/ranking/<ref>")
@requires(*READERS)
@transactional
def ranking(ref: str) -> ResponseReturnValue:
    """The version in force, or a policy tried on it (``?with=skip``)."""
    session, call = db.session(), visible_call(ref)
    proposal = queries.find_current_proposal(session, call)
    return _render_ranking(session, call, _shown(session, call, proposal), in_force=True)


@bp.route("/staff/ranking/<ref>/versions/<int:version>")
@requires(*READERS)
@transactional
def former_version(ref: str, version: int) -> ResponseReturnValue:
    """One version as it was."""
    session, call = db.session(), visible_call(ref)
    proposal = queries.get_proposal(session, call, version)
    return _render_ranking(session, call, _stored(session, call, proposal), in_force=False)


@bp.route("/staff/ranking/<ref>/prepare", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def prepare(ref: str) -> ResponseReturnValue:
    """Make the next version with another policy, or the first one."""
    session, call = db.session(), visible_call(ref)
    proposal = queries.find_current_proposal(session, call)
    asked = request.args.get("with", str(proposal.shortfall if proposal else call.shortfall))
    form = PrepareForm(data={"version": proposal.version if proposal else 0, "shortfall": asked})
    if form.validate_on_submit():
        changes = ProposalChange(shortfall=form.policy, note=(form.note.data or "").strip())
        try:
            made = services.prepare_proposal(
                session, call, actor=current_actor(), now=utc_now(), changes=changes, expected_version=form.version.data
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已生成第 %(n)s 版方案。", n=made.version), "ok")
            return redirect(url_for("decisions.ranking", ref=ref), 303)
    policies.may_prepare(current_actor(), call, awaits_notice=queries.awaits_notice(session, call)).require()
    return render_template("decisions/prepare.html", call=call, proposal=proposal, form=form, words=presenters)


@bp.route("/staff/ranking/<ref>/lines/<application_ref>", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def adjust_line(ref: str, application_ref: str) -> ResponseReturnValue:
    """Lower one amount, or give the computed one again."""
    session, call = db.session(), visible_call(ref)
    proposal = queries.find_current_proposal(session, call)
    application = get_by_ref(session, application_ref, current_actor())
    line = _line_of(proposal, application)
    form = LineForm(data=_line_values(proposal, line))
    if form.validate_on_submit():
        try:
            services.prepare_proposal(
                session,
                call,
                actor=current_actor(),
                now=utc_now(),
                changes=_line_change(application, form),
                expected_version=form.version.data,
            )
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for("decisions.ranking", ref=ref, _anchor=f"r-{application.ref}"), 303)
    policies.may_prepare(current_actor(), call, awaits_notice=queries.awaits_notice(session, call)).require()
    return render_template("decisions/adjust_line.html", call=call, application=application, line=line, form=form)


def _shown(session: Session, call: Call, proposal: Proposal | None) -> Shown:
    tried = _tried()
    if proposal is None:
        return _first(session, call, tried)
    shown = _stored(session, call, proposal)
    if tried is None or tried is proposal.shortfall:
        return shown
    funds = [FundShare(fund.code, fund.ceiling_fen) for fund in call.funds]
    plan = reallocate(shown.plan.lines, funds=funds, shortfall=tried)
    return Shown(plan, proposal, shown.applications, shown.plan.lines, tried)


def _first(session: Session, call: Call, tried: Shortfall | None) -> Shown:
    """Before the first version: what preparing one would give."""
    places = queries.list_places(session, call)
    plan = plan_awards([place.entry for place in places], queries.plan_rules(call, shortfall=tried))
    return Shown(plan, None, {place.application.id: place.application for place in places}, (), tried)


def _stored(session: Session, call: Call, proposal: Proposal) -> Shown:
    former = queries.find_version(session, call, proposal.version - 1)
    before = queries.plan_of(former).lines if former else ()
    applications = {line.application_id: line.application for line in proposal.lines}
    return Shown(queries.plan_of(proposal), proposal, applications, before, None)


def _tried() -> Shortfall | None:
    asked = request.args.get("with", "")
    return Shortfall(asked) if asked in set(Shortfall) else None


def _render_ranking(session: Session, call: Call, shown: Shown, *, in_force: bool) -> ResponseReturnValue:
    ids = list(shown.applications)
    changes = compare_plans(shown.before, shown.plan.lines) if shown.before else ()
    rows = presenters.ranking_rows(shown.plan.lines, shown.applications, queries.score_ranges(session, ids), changes)
    return render_template(
        "decisions/ranking.html",
        call=call,
        shown=shown,
        wan_cell=presenters.wan_cell,
        rows=rows,
        changes=changes,
        low=presenters.scale_low(rows),
        mark=presenters.pass_mark_of(call),
        cut=presenters.cut_after(shown.plan.lines),
        former_cut=presenters.cut_after(shown.before),
        scenarios=presenters.scenarios(shown.plan, call) if in_force else (),
        ledgers=presenters.ledgers(shown.plan, call),
        versions=queries.list_versions(session, call),
        approvals=queries.list_approvals(session, call),
        allowed=_allowed(session, call, shown.proposal) if in_force else {},
        missing=_missing(session, call, shown.proposal) if in_force else 0,
    )


def _allowed(session: Session, call: Call, proposal: Proposal | None) -> dict[str, Any]:
    """Verdicts for the buttons of the page."""
    actor = current_actor()
    verdicts: dict[str, Any] = {
        "prepare": policies.may_prepare(actor, call, awaits_notice=queries.awaits_notice(session, call))
    }
    if proposal is not None:
        verdicts["submit"] = policies.may_submit(actor, proposal)
        if actor.covers(Role.APPROVER, call.ref) and proposal.state is ProposalState.SUBMITTED:
            hand = queries.hand_in(session, call, actor.person_id)
            largest_fen = max((line.proposed_fen for line in proposal.lines), default=0)
            verdicts["approve"] = policies.may_approve(actor, proposal, hand_in_it=hand, largest_fen=largest_fen)
            verdicts["return"] = policies.may_return(actor, proposal, hand_in_it=hand)
    return verdicts


def _missing(session: Session, call: Call, proposal: Proposal | None) -> int:
    """How many applications were reviewed after the version in force was prepared."""
    if proposal is None:
        return 0
    return len(queries.reviewed_ids(session, call) - {line.application_id for line in proposal.lines})


def _line_of(proposal: Proposal | None, application: Application) -> PlanLine:
    lines = queries.plan_of(proposal).lines if proposal else ()
    line = next((line for line in lines if line.reference == application.id and line.computed_fen), None)
    if line is None or not line.passed:
        raise NotFoundError(application=application.ref)
    return line


def _line_values(proposal: Proposal | None, line: PlanLine) -> dict[str, Any]:
    lowering = line.lowering
    return {
        "version": proposal.version if proposal else 0,
        "amount": lowering.amount_fen if lowering else None,
        "reason": lowering.reason if lowering else "",
    }


def _line_change(application: Application, form: LineForm) -> ProposalChange:
    reason = (form.reason.data or "").strip()
    if form.amount.data is None:
        return ProposalChange(lowerings={application.id: None}, note=_("%(ref)s 恢复为核算金额", ref=application.ref))
    note = _("%(ref)s 核减：%(reason)s", ref=application.ref, reason=reason)
    return ProposalChange(lowerings={application.id: Lowering(form.amount.data, reason)}, note=note)
