"""Reading a form of answers back: what is good is stored, what is not is shown again as it was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from grants.applications import forms, services
from grants.applications.forms import AnswerForm, Asked
from grants.applications.models import Application
from grants.applications.services import Base, Conflict, Entry
from grants.applications.views.page import Page, page_of
from grants.db import db
from grants.programmes.domain import Definition
from grants.web.guards import current_actor

THEIRS = "theirs"
MOST_INPUTS = 500  # several times the longest page


@dataclass(frozen=True)
class Typed:
    """A form that came back: what it asked, the bases it was shown with, the entries that could be read."""

    form: AnswerForm
    asked: tuple[Asked, ...]
    bases: Mapping[str, Base]
    entries: tuple[Entry, ...]

    @property
    def bad(self) -> tuple[Asked, ...]:
        """Answers that could not be read."""
        return tuple(one for one in self.asked if self.form[one.name].errors)

    @property
    def good(self) -> tuple[Asked, ...]:
        """Answers that could be read, in the order of ``entries``."""
        places = {entry.place for entry in self.entries}
        return tuple(one for one in self.asked if one.place in places)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not self.bad and all(entry.value is None for entry in self.entries)


@dataclass(frozen=True)
class Saved:
    """What came of it: conflicts by input name; the page as it stands afterwards."""

    typed: Typed
    conflicts: Mapping[str, Conflict]
    page: Page

    @property
    def is_clean(self) -> bool:
        return not self.conflicts and not self.typed.bad

    @property
    def status(self) -> int:
        """409 where somebody else was quicker, 422 where something could not be read."""
        return 409 if self.conflicts else 422


def read_typed(page: Page, possible: Sequence[Asked]) -> Typed:
    """Read the request's form: of everything possible on the page, what it says it showed and what may be edited."""
    return read_answers(page.draft.definition, [one for one in possible if page.scope.opens(*one.place)])


def read_answers(definition: Definition, possible: Sequence[Asked]) -> Typed:
    """Read the request's form: of everything possible, what it says it showed."""
    bases = forms.read_shown(request.form.get("shown"))
    asked = tuple(one for one in possible if one.name in bases)
    form = forms.build_answer_form(definition, asked)()
    form.validate()
    leave = set(request.form.getlist(THEIRS))
    good = (one for one in asked if not form[one.name].errors and one.name not in leave)
    entries = tuple(
        Entry(one.field.path, one.row, forms.to_stored(one.field, form[one.name].data), bases[one.name]) for one in good
    )
    return Typed(form, asked, bases, entries)


def store(application: Application, page: Page, typed: Typed) -> Saved:
    """Store the good entries, and make the form ready to be shown again.

    What could not be read and what is disputed stays as it was typed; everything else shows what stands now, a
    colleague's change included. What could not be read keeps the base it was shown with.
    """
    outcome = services.save_answers(db.session(), application, typed.entries, actor=current_actor(), now=page.now)
    by_place = {one.place: one.name for one in typed.asked}
    conflicts = {by_place[conflict.path, conflict.row]: conflict for conflict in outcome.conflicts}
    after = page_of(application, page.now)
    bad = {one.name for one in typed.bad}
    for one in typed.asked:
        if one.name not in bad and one.name not in conflicts:
            field = typed.form[one.name]
            field.raw_data = None
            field.process(None, forms.to_typed(one.field, after.draft.value(*one.place)))
    kept = {name: base for name, base in typed.bases.items() if name in bad}
    typed.form.shown.data = forms.shown_text(after.draft, typed.asked, kept)
    typed.form.shown.raw_data = None
    return Saved(typed, conflicts, after)


def newly_asked(typed: Typed, after: Page, possible: Sequence[Asked]) -> int:
    """How many answers are asked for now that were not on the page."""
    return sum(one.place in after.draft.shown and one.name not in typed.bases for one in possible)
