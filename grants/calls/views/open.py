"""What everybody may read: the list of calls and the guide of one."""

from __future__ import annotations

from flask import render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from grants.calls import policies, presenters, queries
from grants.calls.domain import Phase, phase
from grants.calls.models import Call
from grants.calls.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Definition, precheck_sections
from grants.programmes.queries import definition_of
from grants.programmes.services import find_template, type_of
from grants.web.guards import current_actor, public

LISTED = (Phase.OPEN, Phase.UPCOMING, Phase.CLOSED)


@bp.route("/calls")
@public
@transactional
def list_calls() -> ResponseReturnValue:
    """Announced calls, one phase at a time: open unless asked otherwise."""
    now, shown = utc_now(), _asked_phase()
    page = queries.list_calls(
        db.session(), shown, now=now, after=request.args.get("after"), before=request.args.get("before")
    )
    calendar = queries.working_calendar(db.session())
    left = {call.ref: presenters.days_left(call, calendar, now=now) for call in page.items}
    prechecks = {call.ref: precheck_url(call, definition_of(call.definition)) for call in page.items}
    return render_template(
        "calls/list_calls.html", page=page, shown=shown, phases=LISTED, left=left, prechecks=prechecks, side=side()
    )


@bp.route("/calls/<ref>")
@public
@transactional
def call(ref: str) -> ResponseReturnValue:
    """The guide of one call with its figures, and the way to apply."""
    now, actor = utc_now(), current_actor()
    found = queries.get_call(db.session(), ref, visible=policies.visible_to(actor))
    definition = definition_of(found.definition)
    calendar = queries.working_calendar(db.session())
    provisional = queries.provisional_years(db.session())
    steps = presenters.timetable_of(found, definition, calendar, provisional)
    bars, months = presenters.gantt_rows(steps)
    return render_template(
        "calls/call.html",
        call=found,
        definition=definition,
        guide=presenters.guide_of(found, definition),
        phase=phase(found, now),
        extensions=queries.list_extensions_for_all(db.session(), found),
        left=presenters.days_left(found, calendar, now=now),
        steps=steps,
        bars=bars,
        months=months,
        today=presenters.today_position(steps, now),
        verdict=policies.may_apply(actor, found, now=now),
        precheck_url=precheck_url(found, definition),
        side=side(),
    )


@bp.route("/calls/<ref>/templates/<slot>")
@public
@transactional
def template(ref: str, slot: str) -> ResponseReturnValue:
    """The blank form of a document, as a download."""
    found = queries.get_call(db.session(), ref, visible=policies.visible_to(current_actor()))
    definition = definition_of(found.definition)
    wanted = next((one for one in definition.documents if one.key == slot), None)
    file = find_template(definition, wanted) if wanted is not None else None
    if file is None:
        raise NotFoundError(slot=slot[:20])
    return send_file(file, mimetype=type_of(file), as_attachment=True, download_name=file.name, max_age=0)


def _asked_phase() -> Phase:
    asked = request.args.get("phase", Phase.OPEN)
    if asked not in LISTED:
        raise NotFoundError(phase=asked[:20])
    return Phase(asked)


def precheck_url(call: Call, definition: Definition) -> str:
    """Where the call's pre-check is; empty where there is none."""
    if not policies.may_precheck(call) or not precheck_sections(definition):
        return ""
    return url_for("calls.precheck", ref=call.ref)


def side() -> str:
    """Which layout: an enterprise keeps its own navigation while it looks at calls."""
    return "enterprise" if current_actor().has(Role.ENTERPRISE) else "public"
