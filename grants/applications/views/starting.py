"""Starting an application in an open call."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.validators import InputRequired

from grants.accounts.queries import is_verified_member, list_memberships_of
from grants.applications import policies, queries, services
from grants.applications.views.page import bp
from grants.calls.policies import visible_to as visible_calls
from grants.calls.queries import get_call
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import NotFoundError
from grants.web.fields import RadioChoiceField
from grants.web.forms import StageForm
from grants.web.guards import current_actor, requires


@bp.route("/apply/new/<ref>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def start(ref: str) -> ResponseReturnValue:
    """Say for which unit, and what there is already; then open a draft."""
    actor, now, session = current_actor(), utc_now(), db.session()
    call = get_call(session, ref, visible=visible_calls(actor))
    mine = {m.organisation_id: m.organisation for m in list_memberships_of(session, actor.person_id)}
    units = {key: unit for key, unit in mine.items() if key in actor.organisation_ids(*policies.EDITING_LEVELS)}
    form = _start_form({str(key): unit.name for key, unit in units.items()})
    verdicts = [policies.may_start(actor, call, key, now=now) for key in units or mine]
    if form.validate_on_submit():
        organisation = next((unit for key, unit in units.items() if str(key) == form.organisation.data), None)
        if organisation is None:
            raise NotFoundError(organisation=form.organisation.data)
        application = services.start_application(session, call, organisation, actor=actor, now=now)
        first = url_for("applications.section", application_id=application.id, key="org")
        return redirect(first, 303)
    return render_template(
        "applications/start.html",
        call=call,
        form=form,
        units=units,
        verdict=next((verdict for verdict in verdicts if not verdict), verdicts[0] if verdicts else None),
        existing=[found for key in units for found in queries.list_of_organisation(session, call, key)],
        verified=all(is_verified_member(session, actor.person_id, key) for key in units),
    )


def _start_form(names: dict[str, str]) -> StageForm:
    options = {"options": names, "validators": [InputRequired(_("请选择申报单位。"))]}
    form_class = type("StartForm", (StageForm,), {"organisation": RadioChoiceField(_("申报单位"), **options)})
    form: StageForm = form_class()
    if form.organisation.data is None and len(names) == 1:
        form.organisation.process_data(next(iter(names)))
    return form
