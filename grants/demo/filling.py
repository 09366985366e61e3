"""Filling in, correcting and submitting an application, as an enterprise does through its pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from grants.applications import queries, services
from grants.applications.models import Application
from grants.applications.policies import edit_scope
from grants.applications.services import Entry
from grants.demo.answers import Filled, hlw_answers, sbc_answers
from grants.demo.companies import company
from grants.demo.papers import Papers
from grants.demo.timetable import Window
from grants.kernel.actor import Actor
from grants.programmes.domain import Definition, FieldKind, Section
from grants.programmes.queries import definition_of

PARTLY = 3  # sections that a draft under way has filled in


def filled_for(code: str, number: int, enterprise: int, window: Window, year: int, flaw: str) -> Filled:
    """The answers of application ``number``; flaws that lie outside the answers leave them sound."""
    one = company(enterprise)
    if code == "sbc":
        return sbc_answers(one, number=number, year=year, sales_from=window.sales_from, asof=window.asof, flaw=flaw)
    return hlw_answers(one, number=number, year=year, start_on=window.start_on, flaw=flaw)


def fill_in(
    session: Session, application: Application, filled: Filled, *, actor: Actor, now: datetime, sections: int = 0
) -> None:
    """Add rows and store answers section by section; ``sections`` stops after so many, 0 fills in all of them."""
    definition = definition_of(application.call.definition)
    for section in definition.sections[: sections or None]:
        for table, row in own_rows(section, filled):
            services.add_row(session, application, table, row, actor=actor, now=now)
        entries = list(section_entries(section, filled))
        if entries:
            services.save_answers(session, application, entries, actor=actor, now=now)


def attach_all(
    session: Session, application: Application, filled: Filled, papers: Papers, *, actor: Actor, now: datetime
) -> None:
    """Put a paper into every slot that is asked for, one of its own into each row's."""
    definition = definition_of(application.call.definition)
    copies: Counter[str] = Counter()
    for slot, row in filled.documents:
        copies[slot] += 1
        paper = papers.for_slot(definition.document(slot), copies[slot])
        services.attach_file(session, application, slot, row, paper, actor=actor, now=now)


def undertakings_in(definition: Definition, filled: Filled) -> list[str]:
    """Keys of the undertakings that are given."""
    return [
        path
        for path in definition.section_of
        if definition.field(path).kind is FieldKind.UNDERTAKING and filled.answers.get(path) is True
    ]


def correct(session: Session, application: Application, sound: Filled, *, actor: Actor, now: datetime) -> None:
    """Put right what the office named, with the answers of the same application without its flaw."""
    correction = queries.open_correction(session, application)
    scope = edit_scope(application, correction)
    draft = queries.load_draft(session, application)
    definition = definition_of(application.call.definition)
    entries = [
        entry
        for section in definition.sections
        for entry in section_entries(section, sound)
        if scope.opens(entry.path, entry.row) and draft.value(entry.path, entry.row) != entry.value
    ]
    services.save_answers(session, application, entries, actor=actor, now=now)


def own_rows(section: Section, filled: Filled) -> Iterator[tuple[str, str]]:
    """Table and row id of the rows that people add themselves."""
    for field in section.fields:
        if field.kind is FieldKind.TABLE and field.fixed_rows is None and not field.rows_of:
            for row, _ in filled.rows.get(field.path, ()):
                yield field.path, row


def section_entries(section: Section, filled: Filled) -> Iterator[Entry]:
    """The answers of one section that are typed, cells included."""
    for field in section.fields:
        if field.kind is FieldKind.TABLE:
            for row, cells in filled.rows.get(field.path, ()):
                for column in field.columns:
                    if cells.get(column.key) is not None:
                        yield Entry(column.path, row, cells[column.key])
        elif field.kind is not FieldKind.UNDERTAKING and filled.answers.get(field.path) is not None:
            yield Entry(field.path, "", filled.answers[field.path])
