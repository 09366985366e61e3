"""The two hands of a proposal: the officer submits, the approver decides."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from grants.db import db, transactional
from grants.decisions import policies, queries, services
from grants.decisions.forms import ApproveForm, ReturnForm
from grants.decisions.models import Proposal
from grants.decisions.views.blueprint import bp, current_version, require_seen, visible_call
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.verdict import Verdict
from grants.web.guards import current_actor, requires


@bp.route("/staff/ranking/<ref>/submit", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def submit(ref: str) -> ResponseReturnValue:
    """Confirm, then hand the draft to the approver."""
    session, call = db.session(), visible_call(ref)
    proposal, form = current_version(session, call), ApproveForm()
    if form.validate_on_submit():
        require_seen(proposal, form.sha256.data)
        services.submit_proposal(session, proposal, actor=current_actor(), now=utc_now())
        flash(_("方案已提交审批。"), "ok")
        return redirect(url_for("decisions.ranking", ref=ref), 303)
    policies.may_submit(current_actor(), proposal).require()
    form.sha256.data = proposal.sha256
    return render_template(
        "decisions/submit.html", call=call, proposal=proposal, plan=queries.plan_of(proposal), form=form
    )


@bp.route("/staff/ranking/<ref>/approve", methods=["GET", "POST"])
@requires(Role.APPROVER)
@transactional
def approve(ref: str) -> ResponseReturnValue:
    """Confirm, then approve the submitted version."""
    session, call = db.session(), visible_call(ref)
    proposal, form = current_version(session, call), ApproveForm()
    if form.validate_on_submit():
        services.approve_proposal(session, proposal, actor=current_actor(), now=utc_now(), sha256=form.sha256.data)
        flash(_("方案已批准，可以安排公示。"), "ok")
        return redirect(url_for("decisions.ranking", ref=ref), 303)
    _may_approve(session, proposal).require()
    form.sha256.data = proposal.sha256
    return render_template(
        "decisions/approve.html", call=call, proposal=proposal, plan=queries.plan_of(proposal), form=form
    )


@bp.route("/staff/ranking/<ref>/return", methods=["GET", "POST"])
@requires(Role.APPROVER)
@transactional
def send_back(ref: str) -> ResponseReturnValue:
    """Return the submitted version with a reason."""
    session, call = db.session(), visible_call(ref)
    proposal, form = current_version(session, call), ReturnForm()
    if form.validate_on_submit():
        services.return_proposal(
            session, proposal, reason=form.reason.data.strip(), actor=current_actor(), now=utc_now()
        )
        flash(_("方案已退回经办人。"), "ok")
        return redirect(url_for("decisions.ranking", ref=ref), 303)
    hand = queries.hand_in(session, call, current_actor().person_id)
    policies.may_return(current_actor(), proposal, hand_in_it=hand).require()
    return render_template("decisions/send_back.html", call=call, proposal=proposal, form=form)


def _may_approve(session: Session, proposal: Proposal) -> Verdict:
    hand = queries.hand_in(session, proposal.call, current_actor().person_id)
    largest_fen = max((line.proposed_fen for line in proposal.lines), default=0)
    return policies.may_approve(current_actor(), proposal, hand_in_it=hand, largest_fen=largest_fen)
