"""Accepting clean cases in one go: stage, read, confirm, see what has become of each."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants.accounts.queries import get_person
from grants.calls.queries import get_call
from grants.db import db, transactional
from grants.eligibility import policies, presenters, queries, services
from grants.eligibility.models import AcceptanceList
from grants.eligibility.states import ItemOutcome
from grants.eligibility.views.assigning import read_ids
from grants.eligibility.views.blueprint import bp
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.web.guards import current_actor, requires

READERS = (Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)


@bp.route("/staff/acceptances/stage", methods=["POST"])
@requires(Role.OFFICER)
@transactional
def stage() -> ResponseReturnValue:
    """Put the ticked cases on a list to be read."""
    staged = services.stage_acceptances(
        db.session(), read_ids(request.form.getlist("ids")), actor=current_actor(), now=utc_now()
    )
    return to_list(staged)


@bp.route("/staff/calls/<ref>/accept-clean", methods=["POST"])
@requires(Role.OFFICER)
@transactional
def stage_call(ref: str) -> ResponseReturnValue:
    """Put all clean cases of a call on a list to be read, as many as one list takes."""
    session, actor = db.session(), current_actor()
    call = get_call(session, ref)
    policies.may_share(actor, call).require()
    clean = queries.list_clean(session, call, limit=services.ACCEPTED_AT_ONCE)
    return to_list(services.stage_acceptances(session, clean, actor=actor, now=utc_now()))


@bp.route("/staff/acceptances/<uuid:list_id>")
@requires(*READERS)
@transactional
def acceptance(list_id: UUID) -> ResponseReturnValue:
    """What would be accepted, with totals and what is left out and why; once confirmed, what has become of it."""
    session, actor = db.session(), current_actor()
    staged = queries.get_acceptance_list(session, list_id, actor)
    items = queries.list_items(session, staged.id)
    waiting = [item.application_id for item in items if item.outcome is ItemOutcome.STAGED]
    return render_template(
        "eligibility/acceptance.html",
        staged=staged,
        items=items,
        sums=queries.sums_of(items),
        by_district=presenters.by_district(items),
        by_reason=presenters.left_out_by_reason(items),
        may_confirm=policies.may_confirm_acceptances(actor, staged.staged_by, waiting),
        officer=get_person(session, staged.staged_by).name,
    )


@bp.route("/staff/acceptances/<uuid:list_id>/confirm", methods=["POST"])
@requires(Role.OFFICER)
@transactional
def confirm_acceptance(list_id: UUID) -> ResponseReturnValue:
    """Have the list carried out."""
    session, actor = db.session(), current_actor()
    staged = queries.get_acceptance_list(session, list_id, actor)
    return to_list(services.confirm_acceptances(session, staged, actor=actor, now=utc_now()))


@bp.route("/staff/acceptances")
@requires(*READERS)
@transactional
def acceptances() -> ResponseReturnValue:
    """The lists that were confirmed, latest first."""
    cursors = {"after": request.args.get("after"), "before": request.args.get("before")}
    page = queries.list_acceptance_lists(db.session(), current_actor(), **cursors)
    return render_template("eligibility/acceptances.html", page=page)


def to_list(staged: AcceptanceList) -> ResponseReturnValue:
    """The list's own page."""
    return redirect(url_for("eligibility.acceptance", list_id=staged.id), 303)
