"""The receipt, and the way out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import forms, policies, presenters, queries, services
from grants.applications.domain import case_content_of
from grants.applications.views.page import bp
from grants.applications.views.papers import receipt_paper
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.programmes.queries import definition_of
from grants.web.guards import current_actor, requires


@bp.route("/apply/<uuid:application_id>/receipt")
@requires(Role.ENTERPRISE)
@transactional
def receipt(application_id: UUID) -> ResponseReturnValue:
    """Number, instants and fingerprint of what was submitted last, with its files."""
    application = queries.get_application(db.session(), application_id, current_actor())
    revision = queries.current_revision(db.session(), application)
    definition = definition_of(application.call.definition)
    files = case_content_of(revision.content)["documents"]
    return render_template(
        "applications/receipt.html",
        application=application,
        heading=presenters.heading(application),
        revision=revision,
        files=[{**file, "label": definition.document(file["key"]).label} for file in files],
        may_withdraw=policies.may_withdraw(current_actor(), application),
        in_grace=policies.came_in_grace(application),
        **receipt_paper(application, revision),
    )


@bp.route("/apply/<uuid:application_id>/withdraw", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Say why, then withdraw; it cannot be undone."""
    application = queries.get_application(db.session(), application_id, current_actor())
    verdict = policies.may_withdraw(current_actor(), application)
    verdict.require()
    form = forms.ReasonForm()
    if form.validate_on_submit():
        try:
            services.withdraw_application(
                db.session(), application, reason=form.reason.data, actor=current_actor(), now=utc_now()
            )
        except InvalidError as error:
            form.show(error)
        else:
            title = presenters.heading(application)
            flash(_("“%(title)s”已撤回。内容仍可查看，也可以在新建申报时带入。", title=title), "ok")
            return redirect(url_for("desk.enterprise_home"), 303)
    return render_template(
        "applications/withdraw.html", application=application, heading=presenters.heading(application), form=form
    )
