"""More time: what was asked for and granted, asking for one unit, deciding."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts.queries import find_organisation
from grants.calls import forms, policies, queries, services
from grants.calls.models import Call
from grants.calls.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.clock import utc_now
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.web.guards import current_actor, requires
from grants.web.wording import reason_text


@bp.route("/staff/extensions")
@requires(*policies.SEE_EXTENSIONS)
@transactional
def list_extensions() -> ResponseReturnValue:
    """What was asked for in the calls that the actor serves, and the calls in which more time can be given."""
    actor, now = current_actor(), utc_now()
    visible = policies.extensions_visible_to(actor)
    page = queries.list_extensions(
        db.session(), visible=visible, after=request.args.get("after"), before=request.args.get("before")
    )
    extendable = queries.list_extendable(db.session(), visible=visible, now=now)
    calls = [call for call in extendable if policies.may_propose_extension(actor, call, now=now)]
    return render_template("calls/extensions.html", page=page, calls=calls)


@bp.route("/staff/extensions/new/<ref>", methods=["GET", "POST"])
@requires(*policies.PROPOSE_EXTENSIONS)
@transactional
def propose_extension(ref: str) -> ResponseReturnValue:
    """Ask that one unit may submit later."""
    actor, now = current_actor(), utc_now()
    call = queries.get_call(db.session(), ref, visible=policies.extensions_visible_to(actor))
    policies.may_propose_extension(actor, call, now=now).require()
    form = forms.ProposeExtensionForm()
    if form.validate_on_submit():
        try:
            return _propose(call, form)
        except InvalidError as error:
            form.show(error)
    return render_template("calls/extension_new.html", call=call, form=form)


@bp.route("/staff/extensions/<uuid:extension_id>", methods=["GET", "POST"])
@requires(*policies.SEE_EXTENSIONS)
@transactional
def extension(extension_id: UUID) -> ResponseReturnValue:
    """One extension: what it is about; for the second person, the decision."""
    actor = current_actor()
    visible = policies.extensions_visible_to(actor)
    found = queries.get_extension(db.session(), extension_id, visible=visible)
    verdict = policies.may_decide_extension(actor, found)
    form = forms.DecideExtensionForm()
    if request.method == "POST" and not verdict:
        raise ForbiddenError(verdict.reason)
    if form.validate_on_submit():
        approved = form.decision.data == "approve"
        try:
            services.decide_extension(
                db.session(), found, approved=approved, note=form.note.data or "", actor=actor, now=utc_now()
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已同意延期，有关单位会收到通知。") if approved else _("已记录：不同意延期。"), "ok")
            return redirect(url_for("calls.extension", extension_id=extension_id), 303)
    return render_template("calls/extension.html", extension=found, form=form, verdict=verdict)


def _propose(call: Call, form: forms.ProposeExtensionForm) -> ResponseReturnValue:
    organisation = find_organisation(db.session(), str(form.uscc.data))
    if organisation is None:
        form.uscc.errors = [reason_text("extension_unit_unknown")]
        return render_template("calls/extension_new.html", call=call, form=form), 422
    made = services.propose_extension(
        db.session(),
        call,
        until_at=form.until_at(),
        reason=form.reason.data or "",
        organisation=organisation,
        actor=current_actor(),
        now=utc_now(),
    )
    flash(_("已提交，等待第二人审批。"), "ok")
    return redirect(url_for("calls.extension", extension_id=made.id), 303)
