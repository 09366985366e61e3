"""Panels and the pool, for the office."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import queries as accounts
from grants.applications import queries as applications
from grants.applications.states import ApplicationState as State
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.programmes.queries import definition_of
from grants.reviews import policies, presenters, queries, services
from grants.reviews.domain import Blocked, NoAdmissiblePanelError
from grants.reviews.forms import (
    AddExpertForm,
    DrawForm,
)
from grants.reviews.views.blueprint import bp
from grants.web.guards import current_actor, requires

POOL_ROLES = (Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
STAGES = {
    "accepted": (State.ACCEPTED,),
    "under_review": (State.UNDER_REVIEW,),
    "reviewed": (State.REVIEWED, State.PROPOSED, State.ON_NOTICE, State.AWARDED, State.NOT_FUNDED),
}


@bp.get("/staff/panels")
@requires(Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def list_panels() -> ResponseReturnValue:
    """Applications that wait for a draw, are being scored, or have a result."""
    stage = request.args.get("stage", "accepted")
    stage = stage if stage in STAGES else "accepted"
    page = queries.page_of_applications(
        db.session(),
        current_actor(),
        states=STAGES[stage],
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    progress = queries.panel_progress(db.session(), [application.id for application in page.items])
    results = queries.results_of(db.session(), [application.id for application in page.items])
    return render_template(
        "reviews/list_panels.html",
        page=page,
        progress=progress,
        results=results,
        stage=stage,
        shows_pool=current_actor().has(*POOL_ROLES),
    )


@bp.route("/staff/panels/<ref>", methods=["GET", "POST"])
@requires(Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def panel(ref: str) -> ResponseReturnValue:
    """One application's panel: draw it, replace who declined, see how far it is, read the result."""
    session, actor = db.session(), current_actor()
    application = applications.get_by_ref(session, ref, actor)
    policies.may_see_panels(actor, application).require()
    form = DrawForm()
    blocked: tuple[Blocked, ...] = ()
    if form.validate_on_submit():
        try:
            services.draw_panel(
                session,
                application,
                seed=secrets.token_hex(32),
                reason=form.reason.data or "",
                actor=actor,
                now=utc_now(),
            )
        except NoAdmissiblePanelError as error:
            session.rollback()
            application, blocked = applications.get_by_ref(session, ref, actor), error.blocks
        else:
            flash(_("专家组已抽取，已通知专家。"), "ok")
            return redirect(url_for("reviews.panel", ref=ref), 303)
    return render_template(
        "reviews/panel.html",
        application=application,
        strata={stratum.key: stratum.label for stratum in definition_of(application.call.definition).rubric.strata},
        panels=queries.list_panels(session, application.id),
        result=queries.find_result(session, application.id),
        may_draw=policies.may_draw(actor, application),
        form=form,
        blocked=blocked,
        exclusions=presenters.EXCLUSIONS,
    )


@bp.get("/staff/experts")
@requires(*POOL_ROLES)
@transactional
def list_experts() -> ResponseReturnValue:
    """The pool."""
    search = request.args.get("q", "").strip()[:120]
    page = queries.page_of_experts(
        db.session(), search=search, after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template("reviews/list_experts.html", page=page, search=search, specialties=presenters.SPECIALTIES)


@bp.route("/staff/experts/new", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def add_expert() -> ResponseReturnValue:
    """Put a person with an account into the pool."""
    form = AddExpertForm()
    if form.validate_on_submit():
        person = accounts.find_person_by_email(db.session(), form.email.data or "")
        if person is None:
            form.email.errors = [_("没有使用这个邮箱的账号，请先为其建立账号。")]
        else:
            services.add_expert(
                db.session(),
                person,
                employer=form.employer.data or "",
                employer_uscc=form.employer_uscc.data or "",
                strata=tuple(form.strata.data or ()),
                field=form.field.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
            flash(_("已加入专家库。"), "ok")
            return redirect(url_for("reviews.list_experts"), 303)
    return render_template("reviews/add_expert.html", form=form)
