"""Overruling one finding, and taking that back (改判)."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications.models import Application
from grants.db import db, transactional
from grants.eligibility import forms, policies, presenters, services
from grants.eligibility.domain import said_of
from grants.eligibility.states import PersonVerdict
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import explain, load
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.web.guards import current_actor, requires


@bp.route("/staff/cases/<ref>/findings/<uuid:finding_id>/overrule", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def overrule(ref: str, finding_id: UUID) -> ResponseReturnValue:
    """Say another verdict than the machine; its finding stays beside."""
    application, standing = load(ref)
    explain(policies.may_overrule(current_actor(), application, standing))
    finding = services.finding_in_force(standing, finding_id)
    form = forms.build_overrule_form(presenters.verdict_choices(finding), finding.clause)
    if form.validate_on_submit():
        try:
            services.overrule_finding(
                db.session(),
                application,
                finding_id=finding_id,
                verdict=PersonVerdict(form["verdict"].data),
                reason=form.reason.data or "",
                clause=form.clause.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已改判 %(rule)s。系统的核验结果仍保留在旁。", rule=finding.rule), "success")
            return to_finding(application, finding.rule)
    former = standing.overrules.get(finding.rule)
    return render_template(
        "eligibility/overrule.html",
        application=application,
        finding=finding,
        former=former if former is not None and former.said == said_of(finding) else None,
        form=form,
        clauses=presenters.clauses_of(application),
    )


@bp.route("/staff/cases/<ref>/findings/<uuid:finding_id>/withdraw-overrule", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def withdraw_overrule(ref: str, finding_id: UUID) -> ResponseReturnValue:
    """Take back what was said against a finding."""
    application, standing = load(ref)
    explain(policies.may_overrule(current_actor(), application, standing))
    finding = services.finding_in_force(standing, finding_id)
    form = forms.WithdrawOverruleForm()
    if form.validate_on_submit():
        try:
            services.withdraw_overrule(
                db.session(),
                application,
                finding_id=finding_id,
                reason=form.reason.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已撤回对 %(rule)s 的改判。", rule=finding.rule), "success")
            return to_finding(application, finding.rule)
    former = standing.overrules.get(finding.rule)
    return render_template(
        "eligibility/withdraw_overrule.html", application=application, finding=finding, former=former, form=form
    )


def to_finding(application: Application, rule: str) -> ResponseReturnValue:
    """Back to the case file, at the finding."""
    return redirect(url_for("desk.case_file", ref=application.ref, _anchor=f"f-{rule}"), 303)
