"""Changing the figures of a draft's parameters by a form; everything else of them is in their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, reads_only, refuse, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.programmes import forms, presenters, services
from grants.programmes.domain import editing
from grants.programmes.domain.editing import EntryFault
from grants.programmes.errors import DefinitionFaultsError, DraftMovedError
from grants.programmes.models import DefinitionDraft
from grants.programmes.views.blueprint import bp
from grants.programmes.views.source import faults_in, load_editable, stands_in
from grants.web.forms import StageForm
from grants.web.guards import current_actor, requires

PARAMETERS = "parameters"
Listed = Sequence[Mapping[str, Any]]


@bp.route("/staff/programmes/<code>/draft/parameters", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def edit_parameters(code: str) -> ResponseReturnValue:
    """The figures of all parameters. What somebody else has changed in between is shown beside what was typed."""
    draft = load_editable(code)
    stands, listed = stands_in(draft, PARAMETERS), list_parameters(draft)
    form = forms.parameters_form(listed, seen=services.fingerprint_of(stands))
    theirs = None
    if form.validate_on_submit():
        seen, changes = form["seen"].data or "", forms.parameter_changes(form, listed)
        try:
            services.edit_parameters(db.session(), draft, changes, seen=seen, actor=current_actor(), now=utc_now())
        except DraftMovedError:
            refuse()
            theirs, form["seen"].data = stands, services.fingerprint_of(stands)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已保存。"), "ok")
            return redirect(url_for("programmes.edit_parameters", code=code), 303)
    own, elsewhere = faults_of(draft, form, listed)
    page = render_template(
        "programmes/edit_parameters.html",
        draft=draft,
        listed=listed,
        form=form,
        theirs=theirs,
        faults=own,
        elsewhere=elsewhere,
        input_of=forms.input_of,
        kinds=presenters.PARAMETER_KINDS,
    )
    return page, 409 if theirs is not None else 200


@bp.route("/staff/programmes/<code>/draft/check-parameters", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@reads_only
@transactional
def check_parameters(code: str) -> ResponseReturnValue:
    """The faults that the draft would have with the figures as typed; nothing is stored."""
    draft = load_editable(code)
    listed = list_parameters(draft)
    own, elsewhere = faults_of(draft, forms.parameters_form(listed, seen=""), listed)
    return jsonify(faults=[asdict(fault) for fault in own], elsewhere=elsewhere)


def list_parameters(draft: DefinitionDraft) -> Listed:
    """The parameters as the draft says them; raises InvalidError where its text cannot be taken apart."""
    try:
        return editing.read_items(draft.content, PARAMETERS)
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error


def faults_of(draft: DefinitionDraft, form: StageForm, listed: Listed) -> tuple[tuple[EntryFault, ...], int]:
    """The faults of the figures as typed, by input, and how many the draft has elsewhere."""
    content = services.edited_parameters(draft.content, forms.parameter_changes(form, listed))
    found, own = faults_in(content), []
    for fault in found:
        for parameter in listed:
            place = editing.fault_in_item(content, PARAMETERS, str(parameter["key"]), fault)
            if place is not None:
                entry = forms.input_of(str(parameter["key"]), place.entry)
                own.append(EntryFault(entry, place.line, place.column, place.message))
    return tuple(own), len(found) - len(own)
