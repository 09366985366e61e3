"""The office: what waits for a notice, what runs, which objections are open, which lists wait for release."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.calls.queries import get_call
from grants.db import db, transactional
from grants.decisions.queries import list_awaiting_notice
from grants.kernel.actor import Role
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import InvalidError
from grants.publication import policies, presenters, queries, services
from grants.publication.domain import rows_of, status_of
from grants.publication.forms import DecideObjectionForm, PublishForm
from grants.publication.views.blueprint import bp
from grants.web.guards import current_actor, requires

READERS = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


@bp.route("/staff/publication")
@requires(*READERS)
@transactional
def office() -> ResponseReturnValue:
    """Everything about publication that waits for somebody."""
    session, visible, today = db.session(), policies.visible_to(current_actor()), local_date(utc_now())
    notices = queries.list_in_force(session, visible)
    return render_template(
        "publication/office.html",
        waiting=list_awaiting_notice(session, visible),
        notices=notices,
        phases={notice.id: presenters.notice_phase(notice, today) for notice in notices},
        counts={notice.call_id: queries.count_objections(session, notice.call_id) for notice in notices},
        prepared=queries.list_prepared(session, visible),
        undecided=queries.page_of_objections(session, visible, undecided=True, after=request.args.get("after")),
        decided=queries.page_of_objections(session, visible, undecided=False),
        is_administrator=current_actor().has(Role.ADMINISTRATOR),
    )


@bp.route("/staff/publication/<ref>/notice", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def prepare_notice(ref: str) -> ResponseReturnValue:
    """Show what would be published and until when; then publish it."""
    session, actor = db.session(), current_actor()
    call, form = get_call(session, ref, visible=policies.visible_to(actor)), PublishForm()
    if form.validate_on_submit():
        notice = services.publish_notice(session, call, actor=actor, now=utc_now(), seen=form.seen.data)
        flash(_("公示已发布。PDF 正在生成，申报单位将收到通知。"), "ok")
        return redirect(url_for("publication.notice", ref=notice.ref), 303)
    policies.may_publish(actor, call).require()
    published = services.plan_notice(session, call, now=utc_now())
    form.seen.data = services.substance_of(published)
    rows = rows_of(published, published.columns, status=status_of(published))
    return render_template("publication/prepare_notice.html", call=call, published=published, rows=rows, form=form)


@bp.route("/staff/publication/objections/<uuid:objection_id>", methods=["GET", "POST"])
@requires(Role.OFFICER, Role.ADMINISTRATOR)
@transactional
def office_objection(objection_id: UUID) -> ResponseReturnValue:
    """Read an objection; decide it, the consequences first."""
    session, actor = db.session(), current_actor()
    objection, form = queries.get_objection(session, objection_id, policies.visible_to(actor)), DecideObjectionForm()
    may_decide = policies.may_decide(actor, objection)
    if form.validate_on_submit():
        uphold = form.outcome.data == "uphold"
        if not form.confirmed.data:
            form.confirmed.data = "1"
            return render_template("publication/confirm_objection.html", objection=objection, form=form, uphold=uphold)
        try:
            services.decide_objection(
                session, objection, uphold=uphold, reply=form.reply.data, actor=actor, now=utc_now()
            )
        except InvalidError as error:
            form.confirmed.data = ""
            form.show(error)
        else:
            flash(_("异议已处理。"), "ok")
            return redirect(url_for("publication.office"), 303)
    return render_template("publication/office_objection.html", objection=objection, form=form, may_decide=may_decide)
