"""Accept (受理) and confirm a rejection (不予受理)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from grants.db import transactional
from grants.eligibility import forms, policies, presenters
from grants.eligibility.states import Outcome
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import decided, explain, load, to_case
from grants.kernel.actor import Role
from grants.web.guards import current_actor, requires


@bp.route("/staff/cases/<ref>/decide", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def decide(ref: str) -> ResponseReturnValue:
    """Accept (受理)."""
    application, standing = load(ref)
    explain(policies.may_accept(current_actor(), application, standing))
    form = forms.AcceptForm()
    if form.validate_on_submit() and decided(form, application, Outcome.ACCEPT, reason=form.reason.data or ""):
        return to_case(application)
    return render_template("eligibility/decide.html", application=application, standing=standing, form=form)


@bp.route("/staff/cases/<ref>/reject", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def reject(ref: str) -> ResponseReturnValue:
    """Confirm a rejection (不予受理) with its rule, clause and reason."""
    application, standing = load(ref)
    explain(policies.may_reject(current_actor(), application, standing))
    form = forms.build_reject_form(presenters.ground_choices(standing))
    if form.validate_on_submit():
        rule = form["rule"].data
        if decided(form, application, Outcome.REJECT, reason=form.reason.data, rule=rule):
            return to_case(application)
    return render_template("eligibility/reject.html", application=application, standing=standing, form=form)
