"""The form of the pre-check: the questions that a definition marks, made from it; nothing of it is kept.

Rows of tables have no place but the page: each table says in a hidden field which rows it shows, and two kinds of
buttons send everything back to have a row more or less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from grants.calls.domain import Place
from grants.programmes.domain import Definition, Field, FieldKind, Section, fixed_row_ids, precheck_sections
from grants.questions import BUILDERS, Asked, asked_in, to_stored
from grants.web.forms import StageForm

ROWS, ADD, REMOVE = "rows-", "add", "remove"
MOST_ROWS = 20  # of one table; whoever has more adds them up
SHOWN_ROWS = 400  # of a hidden field, in characters: more than all the rows there may be

_ROW = re.compile(r"r[1-9][0-9]{0,2}")


class PrecheckForm(StageForm):
    """Base of the forms made here. Without a token: what is sent changes nothing, so nobody need be kept from having
    another send it, and the page needs no cookie."""

    class Meta(FlaskForm.Meta):
        csrf = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a section: an input, or a table with the inputs of each of its rows."""

    field: Field
    asked: tuple[Asked, ...]
    rows: tuple[tuple[str, tuple[Asked, ...]], ...] = ()

    @property
    def is_table(self) -> bool:
        return self.field.kind is FieldKind.TABLE

    @property
    def may_grow(self) -> bool:
        """Whether another row may be added."""
        return self.field.fixed_rows is None and len(self.rows) < most_rows(self.field)

    def inputs(self) -> Iterator[Asked]:
        """All of its inputs, those of the rows included."""
        yield from self.asked
        for _id, asked in self.rows:
            yield from asked


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of one section."""

    section: Section
    questions: tuple[Question, ...]


def questions_of(definition: Definition, rows: Mapping[str, Sequence[str]]) -> tuple[QuestionGroup, ...]:
    """The questions by section; ``rows``: ids of the rows that each table shows."""
    return tuple(
        QuestionGroup(section, tuple(_question(field, rows.get(field.path, ())) for field in section.fields))
        for section in precheck_sections(definition)
    )


def inputs_of(groups: Iterable[QuestionGroup]) -> tuple[Asked, ...]:
    """Every input of these questions."""
    return tuple(one for group in groups for question in group.questions for one in question.inputs())


def build_precheck_form(definition: Definition, groups: Iterable[QuestionGroup]) -> type[PrecheckForm]:
    """Make the form class for these questions."""
    inputs = {one.name: BUILDERS[one.field.kind](definition, one.field) for one in inputs_of(groups)}
    return type("BuiltPrecheckForm", (PrecheckForm,), inputs)


def wants_rows(posted: MultiDict[str, str]) -> bool:
    """Whether the form was sent for a row more or less, not for an answer."""
    return ADD in posted or REMOVE in posted


def read_rows(definition: Definition, posted: MultiDict[str, str], call_year: int) -> dict[str, tuple[str, ...]]:
    """The rows that each table is to show: those it showed, one more or one less where a button asked for it.

    A table that was not on the page begins with one row.
    """
    found = {}
    for section in precheck_sections(definition):
        for table in section.fields:
            if table.kind is FieldKind.TABLE:
                fixed = fixed_row_ids(table, call_year)
                found[table.path] = fixed or _own_rows(table, posted)
    return found


def values_of(form: PrecheckForm, asked: Sequence[Asked]) -> dict[Place, Any]:
    """What was typed in the form that would be stored, of the inputs that could be read."""
    return {one.place: to_stored(one.field, form[one.name].data) for one in asked if not form[one.name].errors}


def most_rows(table: Field) -> int:
    """How many rows a table may have here."""
    return min(table.max_rows or MOST_ROWS, MOST_ROWS)


def _question(field: Field, rows: Sequence[str]) -> Question:
    if field.kind is not FieldKind.TABLE:
        return Question(field, asked_in((field,)))
    return Question(field, (), tuple((row, asked_in(_columns_of(field, n), row)) for n, row in enumerate(rows, 1)))


def _columns_of(table: Field, number: int) -> tuple[Field, ...]:
    """The columns with labels that say of which row they are, for the list of what has to be put right."""
    row = _("%(label)s %(n)s", label=table.row_label or table.label, n=number)
    return tuple(
        replace(column, label=str(_("%(row)s，%(label)s", row=row, label=column.label))) for column in table.columns
    )


def _own_rows(table: Field, posted: MultiDict[str, str]) -> tuple[str, ...]:
    sent = posted.get(ROWS + table.path)
    shown = dict.fromkeys(_ROW.findall("r1" if sent is None else sent[:SHOWN_ROWS]))
    rows = [row for row in shown if f"{table.path}|{row}" != posted.get(REMOVE)][: most_rows(table)]
    if posted.get(ADD) == table.path and len(rows) < most_rows(table):
        rows.append(next(f"r{number}" for number in range(1, MOST_ROWS + 2) if f"r{number}" not in shown))
    return tuple(rows)
