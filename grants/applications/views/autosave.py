"""Saving while one types: the same protection and services as the button, answered in JSON to the page's script.

A page names in ``shown`` which answers it sends and how they stood; ``person`` is whom the page was made for, so that
nothing of theirs is stored under somebody who signed in meanwhile. Errors come as every script gets them
(``grants.web.errors``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from grants.applications import forms, policies, presenters, queries, services
from grants.applications.errors import OtherPersonError, RowGoneError
from grants.applications.forms import Asked
from grants.applications.models import Application
from grants.applications.services import Base, Conflict, SaveOutcome
from grants.applications.views.page import bp
from grants.applications.views.saving import MOST_INPUTS, Typed, read_answers
from grants.db import db, transactional
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import SHANGHAI, utc_now
from grants.kernel.errors import InvalidError
from grants.programmes.domain import Definition
from grants.programmes.queries import definition_of
from grants.web.filters import short_time
from grants.web.guards import current_actor, requires
from grants.web.wording import reason_text

PLACE_LENGTH = 64


@bp.route("/apply/<uuid:application_id>/autosave", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def autosave(application_id: UUID) -> ResponseReturnValue:
    """Store the answers that were sent; says of each whether it was saved, refused, or changed by somebody else."""
    actor, now = current_actor(), utc_now()
    application = _hold(application_id, actor)
    _require_same_person(actor)
    definition = definition_of(application.call.definition)
    typed = read_answers(definition, _asked(application, definition))
    outcome = _store(application, typed, actor=actor, now=now)
    conflicts = {(conflict.path, conflict.row): conflict for conflict in outcome.conflicts}
    by_name = {one.name: one for one in typed.asked}
    return jsonify(
        saved={
            one.name: _written(outcome.standing.get(one.place, typed.bases[one.name]))
            for one in typed.good
            if one.place not in conflicts
        },
        refused={one.name: "；".join(map(str, typed.form[one.name].errors)) for one in typed.bad},
        conflicts={
            name: _conflict(definition, one, conflicts[one.place])
            for name, one in by_name.items()
            if one.place in conflicts
        },
        saved_at=now.astimezone(SHANGHAI).isoformat(),
        saved_time=f"{now.astimezone(SHANGHAI):%H:%M}",
    )


@bp.route("/apply/<uuid:application_id>/presence", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def presence(application_id: UUID) -> ResponseReturnValue:
    """Note that the page is looked at; tell who else is there, what of the page others have changed since, the time."""
    session, actor, now = db.session(), current_actor(), utc_now()
    application = queries.get_to_fill_in(session, application_id, actor)
    _require_same_person(actor)
    definition = definition_of(application.call.definition)
    services.note_presence(session, application, request.form.get("place", "")[:PLACE_LENGTH], actor=actor, now=now)
    present = queries.list_present(session, application, but=actor.person_id, now=now)
    verdict = policies.may_edit(actor, application, now=now, correction=queries.open_correction(session, application))
    return jsonify(
        people=[{"name": one.name, "text": presenters.presence_text(definition, one, now)} for one in present],
        changes=_changes(application, definition, actor, now),
        editable=bool(verdict),
        reason="" if verdict else reason_text(verdict.reason),
        now=now.isoformat(),
    )


@bp.route("/apply/session")
@requires(Role.ENTERPRISE)
@transactional
def signed_in() -> ResponseReturnValue:
    """Who is signed in at this browser, and the token for forms of theirs: for a page whose session ended under it."""
    actor = current_actor()
    return jsonify(person=str(actor.person_id), name=actor.name, csrf_token=generate_csrf())


def _hold(application_id: UUID, actor: Actor) -> Application:
    """The application, held; at once as adding a row holds it, for two who hold it less would wait for each other."""
    adds = "new_row" in request.form
    application = queries.get_to_fill_in(db.session(), application_id, actor, hold=not adds)
    return queries.lock_application(db.session(), application_id) if adds else application


def _require_same_person(actor: Actor) -> None:
    if request.form.get("person") != str(actor.person_id):
        raise OtherPersonError(name=actor.name)


def _asked(application: Application, definition: Definition) -> tuple[Asked, ...]:
    names = forms.read_shown(request.form.get("shown"))
    if len(names) > MOST_INPUTS:
        raise InvalidError("too_many_answers", limit=MOST_INPUTS)
    return forms.find_asked(definition, names, application.call.year)


def _store(application: Application, typed: Typed, *, actor: Actor, now: datetime) -> SaveOutcome:
    """Store the good answers; a new row's page names its row, which is added before the first of them."""
    session = db.session()
    table, row = request.form.get("new_table"), request.form.get("new_row")
    try:
        return services.save_held_answers(session, application, typed.entries, actor=actor, now=now)
    except RowGoneError:
        if not table or not row:
            raise
    if all(entry.value is None for entry in typed.entries):
        return SaveOutcome((), ())
    services.add_row(session, application, table, row, actor=actor, now=now)
    return services.save_held_answers(session, application, typed.entries, actor=actor, now=now)


def _changes(application: Application, definition: Definition, actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands at another version than the page shows, by name of its input."""
    shown = forms.read_shown(request.form.get("shown"))
    by_place = {one.place: one for one in _asked(application, definition)}
    changed = [
        (by_place[standing.place], standing)
        for standing in queries.list_standing(db.session(), application, by_place)
        if standing.version > shown[by_place[standing.place].name].version
    ]
    inputs = _inputs(definition, ((one, standing.value) for one, standing in changed))
    return {
        one.name: {
            "base": _written(services.base_of(standing.value, standing.version)),
            "inputs": inputs[one.name],
            "text": presenters.change_text(standing, actor, now),
        }
        for one, standing in changed
    }


def _conflict(definition: Definition, one: Asked, conflict: Conflict) -> dict[str, Any]:
    return {
        "theirs": presenters.answer_words(definition, one.field, conflict.theirs),
        "mine": presenters.answer_words(definition, one.field, conflict.mine),
        "by": conflict.changed_by,
        "at": short_time(conflict.changed_at),
        "base": _written(conflict.base),
        "inputs": _inputs(definition, [(one, conflict.theirs)])[one.name],
    }


def _inputs(definition: Definition, values: Iterable[tuple[Asked, Any]]) -> dict[str, list[tuple[str, str]]]:
    """What the inputs of these answers post when they hold these stored values, by name of the answer."""
    stored = list(values)
    form = forms.build_answer_form(definition, [one for one, _ in stored])(formdata=None)
    for one, value in stored:
        form[one.name].process_data(forms.to_typed(one.field, value))
    return {one.name: forms.posted_values(form[one.name]) for one, _ in stored}


def _written(base: Base) -> tuple[int, str]:
    return base.version, base.digest
