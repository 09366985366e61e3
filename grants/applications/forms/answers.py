"""The form of a section or row: its inputs, and which answers it shows as they stood."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from wtforms import Field as FormField
from wtforms import HiddenField

from grants.applications.domain import Draft, digest
from grants.applications.services import Base
from grants.programmes.domain import Definition
from grants.questions import BUILDERS, Asked, to_typed
from grants.web.fields import DatePartsField
from grants.web.forms import StageForm
from grants.web.incoming import readable

DATE_PARTS = ("y", "m", "d")


class AnswerForm(StageForm):
    """Base of every form made here. ``shown`` says what the page asked and how it stood."""

    shown = HiddenField()


def build_answer_form(definition: Definition, asked: Sequence[Asked]) -> type[AnswerForm]:
    """Make the form class for these answers, in their order."""
    inputs = {one.name: BUILDERS[one.field.kind](definition, one.field) for one in asked}
    return type("BuiltAnswerForm", (AnswerForm,), inputs)


def fill(form: AnswerForm, draft: Draft, asked: Sequence[Asked]) -> None:
    """Put the stored answers into a form that is shown for the first time."""
    for one in asked:
        form[one.name].process_data(to_typed(one.field, draft.value(*one.place)))
    form.shown.data = shown_text(draft, asked)


def posted_values(field: FormField) -> list[tuple[str, str]]:
    """What the field's inputs would post as it stands: names and values, nothing for a choice that is open."""
    if isinstance(field, DatePartsField):
        return [(f"{field.name}-{part}", field.part(part)) for part in DATE_PARTS]
    if hasattr(field, "iter_choices"):
        return [(field.name, str(choice.value)) for choice in field.iter_choices() if choice.selected]
    return [(field.name, str(field._value()))]


def shown_text(draft: Draft, asked: Sequence[Asked], kept: Mapping[str, Base] | None = None) -> str:
    """What a page shows, for its hidden field: input name -> [version, digest]; ``kept`` bases stay as they were."""
    bases = {}
    for one in asked:
        stored = draft.answers.get(one.place)
        now = Base(stored.version if stored else 0, digest(stored.value if stored else None))
        base = (kept or {}).get(one.name, now)
        bases[one.name] = [base.version, base.digest]
    return json.dumps(bases, ensure_ascii=False, separators=(",", ":"))


def join_shown(texts: Iterable[str]) -> str:
    """What several forms show, for a page that is made of them all."""
    joined = {name: base for text in texts for name, base in json.loads(text).items()}
    return json.dumps(joined, ensure_ascii=False, separators=(",", ":"))


def read_shown(text: str | None) -> dict[str, Base]:
    """The bases a form came with; what was not made by ``shown_text`` counts as nothing shown."""
    try:
        given = json.loads(text or "{}")
        return {
            name: Base(int(version), readable(str(mark)))
            for name, (version, mark) in given.items()
            if readable(name) == name  # JSON can spell what no column holds
        }
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}
