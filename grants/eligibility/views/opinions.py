"""The district's word (区级初审意见)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from grants.applications.queries import get_by_ref
from grants.db import db, transactional
from grants.eligibility import forms, policies, services
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import explain, to_case
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.web.guards import current_actor, requires


@bp.route("/staff/cases/<ref>/opinion", methods=["GET", "POST"])
@requires(Role.DISTRICT_OFFICER)
@transactional
def opinion(ref: str) -> ResponseReturnValue:
    """The district's word (区级初审意见)."""
    application = get_by_ref(db.session(), ref, current_actor())
    explain(policies.may_give_opinion(current_actor(), application))
    form = forms.OpinionForm()
    if form.validate_on_submit():
        try:
            services.give_opinion(
                db.session(),
                application,
                recommended=form.recommended.data,
                match_fen=form.match_fen.data or 0,
                opinion=form.opinion.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            return to_case(application)
    return render_template("eligibility/opinion.html", application=application, form=form)
