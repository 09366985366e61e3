"""The administrator's pages: plan, edit, announce, withdraw."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.calls import forms, policies, presenters, queries, services
from grants.calls.domain import phase
from grants.calls.errors import CallFaultsError
from grants.calls.models import Call
from grants.calls.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import IllegalTransitionError
from grants.programmes import queries as programmes
from grants.programmes.presenters import parameter_text
from grants.web.guards import current_actor, requires


@bp.route("/staff/calls")
@requires(Role.ADMINISTRATOR)
@transactional
def manage() -> ResponseReturnValue:
    """All calls, drafts included."""
    page = queries.list_managed(db.session(), after=request.args.get("after"), before=request.args.get("before"))
    now = utc_now()
    phases = {call.ref: phase(call, now) for call in page.items}
    return render_template("calls/manage.html", page=page, phases=phases)


@bp.route("/staff/calls/new")
@requires(Role.ADMINISTRATOR)
@transactional
def manage_new() -> ResponseReturnValue:
    """Choose the published version that a new call pins."""
    return render_template("calls/manage_new.html", versions=programmes.list_published(db.session()))


@bp.route("/staff/calls/new/<uuid:version_id>", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_draft(version_id: UUID) -> ResponseReturnValue:
    """Plan a new call on a version; it is kept as a draft."""
    version = programmes.get_version_by_id(db.session(), version_id)
    definition, now = programmes.definition_of(version), utc_now()
    free = queries.next_ref(db.session(), definition.code, queries.current_year(now))
    form = forms.call_form(definition)(data=forms.first_values(definition, ref=free))
    if form.validate_on_submit():
        try:
            call = services.draft_call(
                db.session(), form.plan(), definition_version=version, actor=current_actor(), now=now
            )
        except CallFaultsError as error:
            form.show_faults(error)
        else:
            return redirect(url_for("calls.manage_announce", ref=call.ref), 303)
    return render_template("calls/edit.html", form=form, definition=definition, version=version, call=None)


@bp.route("/staff/calls/<ref>/edit", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def edit(ref: str) -> ResponseReturnValue:
    """Change a draft; what somebody else changed meanwhile is not overwritten."""
    call = queries.get_call(db.session(), ref)
    policies.may_edit(current_actor(), call).require()
    definition = programmes.definition_of(call.definition)
    kinds = {parameter.key: parameter.kind for parameter in definition.parameters}
    stored = forms.form_values(services.plan_of(call), kinds, base=services.plan_fingerprint(call))
    form = forms.call_form(definition)(data=stored)
    if form.validate_on_submit():
        try:
            services.edit_call(
                db.session(), call, form.plan(), base=form.base.data, actor=current_actor(), now=utc_now()
            )
        except CallFaultsError as error:
            form.show_faults(error)
        except IllegalTransitionError as error:
            form.show(error)
        else:
            return redirect(url_for("calls.manage_announce", ref=call.ref), 303)
    return render_template("calls/edit.html", form=form, definition=definition, version=call.definition, call=call)


@bp.route("/staff/calls/<ref>")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def manage_call(ref: str) -> ResponseReturnValue:
    """Everything that was decided of a call, and what can still be done."""
    call, now = queries.get_call(db.session(), ref), utc_now()
    may_withdraw = policies.may_withdraw(current_actor(), call, now=now)
    return render_template("calls/manage_call.html", **_shown(call), may_withdraw=may_withdraw, phase=phase(call, now))


@bp.route("/staff/calls/<ref>/announce", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_announce(ref: str) -> ResponseReturnValue:
    """Show everything once more, then announce exactly that."""
    call, now = queries.get_call(db.session(), ref), utc_now()
    form = forms.AnnounceForm(data={"base": services.plan_fingerprint(call)})
    if form.validate_on_submit():
        services.announce_call(db.session(), call, base=form.base.data, actor=current_actor(), now=now)
        flash(_("已发布。公开页面现在可以看到这个批次。"), "ok")
        return redirect(url_for("calls.manage_call", ref=ref), 303)
    policies.may_edit(current_actor(), call).require()
    late = call.closes_at <= now
    return render_template("calls/manage_announce.html", **_shown(call), form=form, late=late)


@bp.route("/staff/calls/<ref>/withdraw", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_withdraw(ref: str) -> ResponseReturnValue:
    """Take back a call that has not opened yet."""
    call, now = queries.get_call(db.session(), ref), utc_now()
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        services.withdraw_call(db.session(), call, reason=form.reason.data, actor=current_actor(), now=now)
        return redirect(url_for("calls.manage_call", ref=ref), 303)
    policies.may_withdraw(current_actor(), call, now=now).require()
    return render_template("calls/manage_withdraw.html", call=call, form=form)


def _shown(call: Call) -> dict[str, object]:
    """What the pages that show a whole plan need."""
    definition = programmes.definition_of(call.definition)
    calendar = queries.working_calendar(db.session())
    steps = presenters.timetable_of(call, definition, calendar, queries.provisional_years(db.session()))
    return {
        "call": call,
        "definition": definition,
        "parameters": presenters.facts_of(call, definition).parameters,
        "steps": steps,
        "guide": presenters.guide_of(call, definition),
        "shortfall": presenters.SHORTFALLS[call.shortfall],
        "parameter_text": parameter_text,
    }
