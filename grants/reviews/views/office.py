"""Panels and the pool, for the office."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import queries as accounts
from grants.applications import queries as applications
from grants.applications.models import Application
from grants.applications.states import ApplicationState as State
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.programmes.queries import definition_of
from grants.reviews import policies, presenters, queries, services
from grants.reviews.domain import Blocked, NoAdmissiblePanelError
from grants.reviews.forms import AddExpertForm, DrawForm, build_draw_form
from grants.reviews.states import PanelState
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
    """One application's panel: draw it, replace who left, see how far it is, read the result."""
    session, actor = db.session(), current_actor()
    application = applications.get_by_ref(session, ref, actor)
    policies.may_see_panels(actor, application).require()
    current = queries.find_current_panel(session, application.id)
    waiting = queries.list_waiting(current) if policies.may_draw(actor, application) else []
    form = build_draw_form(current.number if current else 0, waiting)
    blocked: tuple[Blocked, ...] = ()
    if form.validate_on_submit():
        try:
            drawn(application, form)
        except NoAdmissiblePanelError as error:
            session.rollback()
            application, blocked = applications.get_by_ref(session, ref, actor), error.blocks
        except InvalidError as error:
            session.rollback()
            application = applications.get_by_ref(session, ref, actor)
            form.show(error)
        else:
            flash(_("专家组已抽取，已通知专家。"), "ok")
            return redirect(url_for("reviews.panel", ref=ref), 303)
    return show_panel(application, form, blocked)


def drawn(application: Application, form: DrawForm) -> None:
    """Draw as the form asks; a policy speaks before the form is looked at any closer."""
    services.draw_panel(
        db.session(),
        application,
        seed=secrets.token_hex(32),
        reason=form.reason.data or "",
        released=form.released,
        replaces=int(form.seen.data) if form.seen.data else None,
        actor=current_actor(),
        now=utc_now(),
    )


def show_panel(application: Application, form: DrawForm, blocked: tuple[Blocked, ...]) -> str:
    """The page, as it stands after whatever was asked."""
    session, actor = db.session(), current_actor()
    panels = queries.list_panels(session, application.id)
    current = next((found for found in panels if found.state is PanelState.CURRENT), None)
    leaving = queries.find_leaving(session, application, current) if current else {}
    out = {item["expert"] for found in panels for item in found.excluded}
    anonymous = not policies.may_see_names(actor)
    return render_template(
        "reviews/panel.html",
        application=application,
        strata={stratum.key: stratum.label for stratum in definition_of(application.call.definition).rubric.strata},
        panels=panels,
        result=queries.find_result(session, application.id),
        may_draw=policies.may_draw(actor, application),
        leaving=leaving,
        next_words=presenters.next_words(current, leaving),
        names={} if anonymous else queries.names_of(session, out),
        anonymous=anonymous,
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
    return render_template(
        "reviews/list_experts.html",
        page=page,
        search=search,
        specialties=presenters.SPECIALTIES,
        anonymous=not policies.may_see_names(current_actor()),
        may_add=current_actor().has(Role.ADMINISTRATOR),
    )


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
