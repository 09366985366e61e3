"""Giving cases to officers: what is ticked on the worklist, one case, or evenly what nobody has."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts.domain import safe_path
from grants.calls.queries import get_call
from grants.db import db, transactional
from grants.eligibility import forms, policies, queries, services
from grants.eligibility.views.blueprint import bp
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.web.guards import current_actor, requires
from grants.web.wording import reason_text


@bp.route("/staff/assign", methods=["POST"])
@requires(Role.OFFICER)
@transactional
def assign() -> ResponseReturnValue:
    """Give the ticked cases to an officer, or to nobody; what could not be given is named."""
    to = request.form.get("to", "")
    done = services.assign_cases(
        db.session(),
        read_ids(request.form.getlist("ids")),
        read_id(to) if to else None,
        actor=current_actor(),
        now=utc_now(),
    )
    flash(_("已办理 %(n)s 件指派。", n=done.changed), "success")
    for ref, code in done.left.items():
        flash(_("%(ref)s 没有指派：%(why)s", ref=ref, why=reason_text(code)), "warning")
    return redirect(safe_path(request.form.get("back")) or url_for("desk.worklist"), 303)


@bp.route("/staff/calls/<ref>/share", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def share(ref: str) -> ResponseReturnValue:
    """Share out evenly what nobody has of a call."""
    session, actor = db.session(), current_actor()
    call = get_call(session, ref)
    policies.may_share(actor, call).require()
    officers = queries.list_officers(session, [call.ref])
    form = forms.build_share_form([(str(officer.id), officer.name) for officer in officers])
    if form.validate_on_submit():
        given = services.share_cases(session, call, read_ids(form["officers"].data or ()), actor=actor, now=utc_now())
        flash(_("已指派 %(n)s 件。", n=sum(given.values())), "success")
        return redirect(url_for("desk.workload", call=call.ref), 303)
    return render_template(
        "eligibility/share.html",
        call=call,
        form=form,
        free=queries.count_unassigned(session, call),
        most=services.ASSIGNED_AT_ONCE,
    )


def read_ids(values: Iterable[str]) -> list[UUID]:
    """The keys of what was ticked, each once."""
    return list(dict.fromkeys(read_id(value) for value in values))


def read_id(value: str) -> UUID:
    """A key that a form of ours has sent; raises InvalidError (``nothing_selected``) for anything else."""
    try:
        return UUID(value)
    except ValueError:
        raise InvalidError("nothing_selected") from None
