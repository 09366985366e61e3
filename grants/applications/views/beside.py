"""What stands beside the inputs of a page: inputs that other answers may call for, and what colleagues say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grants.applications import forms, presenters, queries
from grants.applications.forms import AnswerForm, Asked
from grants.applications.views.page import Page
from grants.db import db
from grants.programmes.domain import Field
from grants.web.guards import current_actor


@dataclass(frozen=True)
class Later:
    """Inputs that wait for an answer that calls for them: their form; by name what the page would say it showed."""

    asked: tuple[Asked, ...]
    form: AnswerForm
    bases: Mapping[str, str]


def later_of(page: Page, possible: Sequence[Asked], asked: Sequence[Asked]) -> Later:
    """The conditional inputs of a page that are not on it; none where nothing may be changed."""
    there = {one.name for one in asked}
    opens = page.scope.opens if page.editable else lambda *place: False
    waiting = tuple(
        one for one in possible if one.field.shown_if is not None and one.name not in there and opens(*one.place)
    )
    form = forms.build_answer_form(page.draft.definition, waiting)(formdata=None)
    forms.fill(form, page.draft, waiting)
    return Later(waiting, form, {one.name: forms.shown_text(page.draft, [one]) for one in waiting})


def talks_of(page: Page, asked: Sequence[Asked], tables: Sequence[Field] = ()) -> dict[str, presenters.Talk]:
    """What colleagues say about these inputs, by name, and about whole tables, by path; in one query."""
    actor = current_actor()
    if page.application.organisation_id not in actor.organisation_ids():
        return {}
    names = {one.name: one.place for one in asked} | {table.path: (table.path, "") for table in tables}
    threads = queries.list_threads(db.session(), page.application, actor, {path for path, _row in names.values()})
    return presenters.talks_by_name(page.application.id, names, threads)


def listed_talks(
    talks: Mapping[str, presenters.Talk], asked: Sequence[Asked], tables: Sequence[Field] = ()
) -> list[tuple[str, presenters.Talk]]:
    """Label and talk of these inputs and tables in one list: the way for the keyboard, which does not stop at every
    input's own link."""
    labels = {one.name: one.field.label for one in asked} | {table.path: table.label for table in tables}
    return [(label, talks[name]) for name, label in labels.items() if name in talks]
