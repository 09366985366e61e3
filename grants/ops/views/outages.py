"""Outages: the record, adding to it, proposing more time for everybody."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.calls.domain import hours_lost
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.ops import outages as services
from grants.ops.forms import OutageForm
from grants.ops.views.blueprint import bp
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/operations/outages", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def outages() -> ResponseReturnValue:
    """What is on record, with the calls concerned; a form for what the server did not notice itself."""
    session, form = db.session(), OutageForm()
    if form.validate_on_submit():
        try:
            services.record_outage(session, **form.times(), note=form.note.data, actor=current_actor(), now=utc_now())
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已记录。"), "ok")
            return redirect(url_for("ops.outages"), 303)
    page = services.list_outages(session, after=request.args.get("after"), before=request.args.get("before"))
    return render_template(
        "ops/outages.html",
        page=page,
        concerned=services.calls_concerned(session, page.items),
        extensions=services.extensions_of(session, page.items),
        hours_lost=hours_lost,
        form=form,
        action=ActionForm(),
    )


@bp.route("/staff/operations/outages/<uuid:outage_id>/extend/<ref>", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def outages_extend(outage_id: UUID, ref: str) -> ResponseReturnValue:
    """Propose that everybody in the call gets back what the outage took."""
    session = db.session()
    outage = services.get_outage(session, outage_id)
    made = services.propose_equal_time(session, outage, ref, actor=current_actor(), now=utc_now())
    flash(_("已提交，等待第二人审批。"), "ok")
    return redirect(url_for("calls.extension", extension_id=made.id), 303)
