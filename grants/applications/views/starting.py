"""Starting an application in an open call, afresh or from an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField
from wtforms.validators import InputRequired, Optional

from grants.accounts.models import Organisation
from grants.accounts.queries import is_verified_member, list_memberships_of
from grants.applications import policies, presenters, queries, services
from grants.applications.errors import ApplicationExistsError
from grants.applications.models import Application
from grants.applications.views.page import bp
from grants.calls.models import Call
from grants.calls.policies import visible_to as visible_calls
from grants.calls.queries import find_own_close, get_call
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import NotFoundError
from grants.programmes.queries import definition_of
from grants.web.fields import ChoiceField, RadioChoiceField
from grants.web.forms import StageForm
from grants.web.guards import current_actor, requires

YEAR = "programme_year"


@bp.route("/apply/new/<ref>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def start(ref: str) -> ResponseReturnValue:
    """Say for which unit, what there is already, and what to take over; then open a draft."""
    actor, now, session = current_actor(), utc_now(), db.session()
    call = get_call(session, ref, visible=visible_calls(actor))
    mine = {m.organisation_id: m.organisation for m in list_memberships_of(session, actor.person_id)}
    units = {key: unit for key, unit in mine.items() if key in actor.organisation_ids(*policies.EDITING_LEVELS)}
    sources = queries.list_sources(session, list(units))
    form = _start_form(units, sources)
    if form.validate_on_submit():
        try:
            return _open(call, units, sources, form)
        except ApplicationExistsError as error:
            form.show(error)
    own = {key: find_own_close(session, call.id, key) for key in units or mine}
    verdicts = [policies.may_start(actor, call, key, now=now, extended_to=close) for key, close in own.items()]
    return render_template(
        "applications/start.html",
        call=call,
        form=form,
        units=units,
        sources=sources,
        verdict=next((verdict for verdict in verdicts if not verdict), verdicts[0] if verdicts else None),
        verified=all(is_verified_member(session, actor.person_id, key) for key in units),
        **_competing(call, list(units)),
    )


@bp.route("/apply/<uuid:application_id>/carried")
@requires(Role.ENTERPRISE)
@transactional
def carried(application_id: UUID) -> ResponseReturnValue:
    """What was taken from an earlier application, and what could not be, with the reason."""
    application = queries.get_application(db.session(), application_id, current_actor())
    taken = queries.find_carry_over(db.session(), application)
    if taken is None:
        raise NotFoundError(application=str(application_id))
    return render_template(
        "applications/carried.html",
        application=application,
        heading=presenters.heading(application),
        taken=taken,
        left=presenters.stayed_behind(taken.left),
    )


def _open(
    call: Call, units: Mapping[UUID, Organisation], sources: Sequence[Application], form: StageForm
) -> ResponseReturnValue:
    organisation = next((unit for key, unit in units.items() if str(key) == form["organisation"].data), None)
    source = next((found for found in sources if str(found.id) == form["source"].data), None)
    if organisation is None or (source is not None and source.organisation_id != organisation.id):
        raise NotFoundError(organisation=form["organisation"].data)
    application = services.open_draft(
        db.session(),
        call,
        organisation,
        source=source,
        another=bool(form["another"].data),
        actor=current_actor(),
        now=utc_now(),
    )
    if source is not None:
        return redirect(url_for("applications.carried", application_id=application.id), 303)
    return redirect(url_for("applications.section", application_id=application.id, key="org"), 303)


def _competing(call: Call, units: Sequence[UUID]) -> dict[str, Any]:
    """What the units have in this call already, and in the programme's year where the conditions count that."""
    session, rule = db.session(), presenters.sole_rule(definition_of(call.definition))
    counted = units if rule is not None and rule.check is not None and rule.check.parameters["scope"] == YEAR else ()
    return {
        "existing": [found for key in units for found in queries.list_of_organisation(session, call, key)],
        "in_year": [found for key in counted for found in queries.list_in_year(session, call, key)],
        "sole_rule": rule,
    }


def _start_form(units: Mapping[UUID, Organisation], sources: Sequence[Application]) -> StageForm:
    names = {str(key): unit.name for key, unit in units.items()}
    offered = presenters.source_options(sources, with_unit=len(units) > 1)
    inputs = {
        "organisation": RadioChoiceField(
            _("申报单位"), options=names, validators=[InputRequired(_("请选择申报单位。"))]
        ),
        "source": ChoiceField(
            _("从以前的申报带入"),
            [Optional()],
            options=offered,
            blank=_("不带入，从头填写"),
            description=_("带入相同的填报项和材料；承诺不带入，不能带入的会逐项列出原因。"),
        ),
        "another": BooleanField(_("我已看过上面的申报，仍要另建一份草稿")),
    }
    form: StageForm = type("StartForm", (StageForm,), inputs)()
    if form["organisation"].data is None and len(names) == 1:
        form["organisation"].process_data(next(iter(names)))
    return form
