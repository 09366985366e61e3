"""What follows from what is being typed, saved or not: asked by the page's script a moment after each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import forms, presenters
from grants.applications.domain import Draft, progress_of
from grants.applications.forms import Asked
from grants.applications.views.page import Page, bp, load_page
from grants.applications.views.saving import MOST_INPUTS, read_typed
from grants.applications.views.sections import possible_of
from grants.db import reads_only, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes.domain import Section
from grants.web.guards import current_actor, requires


@bp.route("/apply/<uuid:application_id>/live/<key>", methods=["POST"])
@requires(Role.ENTERPRISE)
@reads_only
@transactional
def live(application_id: UUID, key: str) -> ResponseReturnValue:
    """Lay what the page sends over the stored draft and say what follows; nothing is stored.

    It is a POST because what is typed is too long and too private for an address.
    """
    page = load_page(application_id)
    here = next((one for one in page.draft.definition.sections if one.key == key), None)
    if here is None:
        raise NotFoundError(section=key)
    page.verdict.require()
    possible = _possible(page, here)
    draft = _overlaid(page, possible)
    progress = progress_of(draft, documents_title=str(_("申报材料")))
    shown = [one.name for one in possible if one.place in draft.shown and page.scope.opens(*one.place)]
    faults = presenters.faults_by_section(draft, page.scope)
    links = presenters.section_links(application_id, progress, key, faults)
    return jsonify(presenters.live_view(application_id, draft, here, progress=progress, links=links, shown=shown))


def _possible(page: Page, here: Section) -> tuple[Asked, ...]:
    """Every input that the page can have: those of the section, and of each row that it says it shows."""
    found = {one.name: one for one in possible_of(page, here)}
    sent = forms.read_shown(request.form.get("shown"))
    for one in forms.find_asked(page.draft.definition, sent, page.application.call.year):
        if one.row and one.name not in found:
            table = page.draft.definition.field(one.field.path.rpartition(".")[0])
            found.update({cell.name: cell for cell in forms.asked_in(table.columns, one.row)})
            if len(found) > MOST_INPUTS:
                raise InvalidError("too_many_answers", limit=MOST_INPUTS)
    return tuple(found.values())


def _overlaid(page: Page, possible: Sequence[Asked]) -> Draft:
    """The draft as it would be: rows that are new on the page, then what can be read of what is typed."""
    draft = page.draft
    for one in possible:
        table = one.field.path.rpartition(".")[0]
        if one.row and not draft.has_row(table, one.row):
            draft = draft.with_row(table, one.row)
    typed = read_typed(replace(page, draft=draft), possible)
    values = {(entry.path, entry.row): entry.value for entry in typed.entries}
    person = current_actor().person_id
    return draft.with_values(values, by=person, at=page.now) if person else draft
