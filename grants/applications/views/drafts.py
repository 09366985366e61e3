"""Drafts that ended: deleting one, taking it up again, and the list of those that are still kept."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import policies, presenters, queries, services
from grants.applications.views.page import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/apply/ended")
@requires(Role.ENTERPRISE)
@transactional
def ended_drafts() -> ResponseReturnValue:
    """Drafts that expired or were deleted, until when each is kept, and whether it can be taken up again."""
    actor, now = current_actor(), utc_now()
    page = queries.list_ended_drafts(
        db.session(), actor, after=request.args.get("after"), before=request.args.get("before")
    )
    drafts = [
        (draft, policies.kept_until_of(draft), policies.may_restore(actor, draft, now=now)) for draft in page.items
    ]
    return render_template("applications/ended_drafts.html", drafts=drafts, page=page)


@bp.route("/apply/<uuid:application_id>/discard", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def discard(application_id: UUID) -> ResponseReturnValue:
    """Ask, then delete the draft; it can be restored for a while."""
    actor, now = current_actor(), utc_now()
    application = queries.get_application(db.session(), application_id, actor)
    form = ActionForm()
    if form.validate_on_submit():
        services.discard_draft(db.session(), application, actor=actor, now=now)
        flash(_("草稿已删除，30 天内可以在“已删除和逾期的草稿”中恢复。"), "success")
        return redirect(url_for("desk.enterprise_home"), 303)
    policies.may_discard(actor, application).require()
    return render_template(
        "applications/discard.html", application=application, heading=presenters.heading(application), form=form
    )


@bp.route("/apply/<uuid:application_id>/restore", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def restore(application_id: UUID) -> ResponseReturnValue:
    """Take a draft up again; it opens where it was left."""
    actor = current_actor()
    application = queries.get_application(db.session(), application_id, actor)
    services.restore_draft(db.session(), application, actor=actor, now=utc_now())
    flash(_("草稿已恢复，内容和材料都在。"), "success")
    return redirect(url_for("applications.missing", application_id=application_id), 303)
