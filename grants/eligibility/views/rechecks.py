"""Checking a case again."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.eligibility import policies, services
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import explain, load, to_case
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/cases/<ref>/recheck", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def recheck(ref: str) -> ResponseReturnValue:
    """Start the check again."""
    application, standing = load(ref)
    explain(policies.may_recheck(current_actor(), application, standing))
    form = ActionForm()
    if form.validate_on_submit():
        services.request_recheck(db.session(), application, actor=current_actor(), now=utc_now())
        return to_case(application)
    unread = [finding for finding in standing.findings if finding.due and finding.cause == "evidence"]
    return render_template("eligibility/recheck.html", application=application, form=form, unread=unread)
