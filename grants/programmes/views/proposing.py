"""Proposing a draft and taking it back; the second person's page stands with what the draft would change."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, refuse, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.programmes import forms, policies, presenters, queries, services
from grants.programmes.errors import DefinitionFaultsError
from grants.programmes.views.blueprint import bp
from grants.programmes.views.drafts import load_desk
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/programmes/<code>/draft/propose", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def propose_draft(code: str) -> ResponseReturnValue:
    """Say why, and ask a second administrator; a faulty draft goes back to its faults."""
    desk = load_desk(code)
    form = forms.ProposeDraftForm()
    if form.validate_on_submit():
        try:
            services.propose_draft(
                db.session(), desk.draft, summary=form.summary.data or "", actor=current_actor(), now=utc_now()
            )
        except InvalidError as error:
            form.show(error)
        except DefinitionFaultsError:
            refuse()
        else:
            flash(_("已提交，等待另一名管理员审批。正在计算对已有申报的影响。"), "ok")
            return redirect(url_for("programmes.draft", code=code), 303)
    policies.may_edit_draft(current_actor(), desk.draft).require()
    if desk.faults:
        flash(_("草稿还有错误，改正以后才能提交审批。"), "error")
        return redirect(url_for("programmes.draft", code=code), 303)
    tally = presenters.tally_of(desk.differences)
    return render_template(
        "programmes/propose_draft.html", desk=desk, draft=desk.draft, form=form, tally=tally, words=presenters
    )


@bp.route("/staff/programmes/<code>/draft/take-back", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def take_back_draft(code: str) -> ResponseReturnValue:
    """Go on writing."""
    found = queries.get_open_draft(db.session(), code)
    if ActionForm().validate_on_submit():
        services.take_back_draft(db.session(), found, actor=current_actor(), now=utc_now())
        flash(_("已撤回，可以继续修改。"), "ok")
    return redirect(url_for("programmes.draft", code=code), 303)
