"""Revoking an acceptance (撤销受理): proposed by one officer, decided by another, on one address."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications.models import Application
from grants.db import db, transactional
from grants.eligibility import forms, policies, presenters, queries, services
from grants.eligibility.domain import Standing
from grants.eligibility.models import AcceptanceRevocation
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import explain, load, to_case
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import IllegalTransitionError, InvalidError
from grants.web.guards import current_actor, requires


@bp.route("/staff/cases/<ref>/revoke", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def revoke(ref: str) -> ResponseReturnValue:
    """Propose that an acceptance be revoked, or decide what a colleague has proposed."""
    application, standing = load(ref)
    proposal = queries.find_open_revocation(db.session(), application)
    if proposal is None and "proposal" in request.form:
        raise IllegalTransitionError(application=ref, event="revoke_acceptance")
    return propose(application, standing) if proposal is None else decide_on(application, standing, proposal)


def propose(application: Application, standing: Standing) -> ResponseReturnValue:
    """The form of who proposes."""
    explain(policies.may_propose_revocation(current_actor(), application, standing, None))
    form = forms.build_reject_form(presenters.ground_choices(standing))
    if form.validate_on_submit():
        try:
            services.propose_revocation(
                db.session(),
                application,
                rule=form["rule"].data,
                reason=form.reason.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已提请撤销受理，等待另一位经办人决定。"), "success")
            return to_case(application)
    return render_template("eligibility/propose_revocation.html", application=application, form=form)


def decide_on(application: Application, standing: Standing, proposal: AcceptanceRevocation) -> ResponseReturnValue:
    """The form of who decides; who has proposed can only take it back."""
    actor = current_actor()
    explain(policies.may_refuse_revocation(actor, application, proposal))
    confirming = policies.may_confirm_revocation(actor, application, standing, proposal)
    own = proposal.proposed_by == actor.person_id
    choices = [("refuse", _("收回提请，维持受理") if own else _("不同意，维持受理"))]
    if confirming or request.method == "POST":  # what is sent all the same is the service's to refuse
        choices.insert(0, ("confirm", _("同意，撤销受理")))
    form = forms.build_revocation_form(choices, str(proposal.id))
    if form.validate_on_submit():
        if form.proposal.data != str(proposal.id):
            raise IllegalTransitionError(application=application.ref, event="revoke_acceptance")
        if decided(form, application):
            return to_case(application)
    return render_template(
        "eligibility/decide_revocation.html",
        application=application,
        proposal=proposal,
        finding=next((one for one in standing.held if one.rule == proposal.rule), None),
        confirming=confirming,
        own=own,
        form=form,
    )


def decided(form: forms.DecideRevocationForm, application: Application) -> bool:
    """Confirm or refuse; what is missing is shown on the form."""
    say = services.confirm_revocation if form["decision"].data == "confirm" else services.refuse_revocation
    try:
        say(db.session(), application, note=form.note.data or "", actor=current_actor(), now=utc_now())
    except InvalidError as error:
        form.show(error)
        return False
    return True
