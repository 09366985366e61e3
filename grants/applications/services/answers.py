"""Storing answers one by one: nobody's work is overwritten in silence, and editors of different fields never meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from grants import audit
from grants.applications.domain import renames, title_of
from grants.applications.errors import RowGoneError
from grants.applications.models import AnswerRow, Application
from grants.applications.policies import edit_scope, may_edit
from grants.applications.queries import load_draft, open_correction
from grants.applications.services.cells import Entry, SaveOutcome, store_entries, write_values
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes.domain import Definition, Field, FieldKind, WrongKindError, fixed_row_ids, to_case_value
from grants.programmes.queries import definition_of

NEVER_TYPED = frozenset({FieldKind.COMPUTED, FieldKind.TABLE, FieldKind.UNDERTAKING})


def save_answers(
    session: Session, application: Application, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> SaveOutcome:
    """Store what was changed; where somebody else changed the same answer since ``base``, leave theirs and tell.

    Locks the application against being submitted meanwhile (shared: other editors go on), then does as
    ``save_held_answers``, which says what is raised.
    """
    hold_application(session, application)
    return save_held_answers(session, application, entries, actor=actor, now=now)


def save_held_answers(
    session: Session, application: Application, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> SaveOutcome:
    """Store answers of an application that the caller holds (``hold_application``, ``get_to_fill_in``).

    Locks the rows of tables the answers lie in against deletion, then exactly these answers in order. Values are in
    their stored form (``programmes.domain``). Reads no more of the draft than that; its title is worked out anew only
    where an answer it is made of was saved.

    Raises:
        ForbiddenError: the actor may not edit the application now, or not this answer (``not_in_correction``).
        InvalidError: ``answer_of_wrong_kind``, a value that is not of its field's kind.
        NotFoundError: a path that the definition does not have.
        RowGoneError: the row was deleted meanwhile.
    """
    correction = open_correction(session, application)
    may_edit(actor, application, now=now, correction=correction).require()
    definition = definition_of(application.call.definition)
    scope = edit_scope(application, correction)
    for entry in entries:
        _require_storable(definition, entry)
        if not scope.opens(entry.path, entry.row):
            raise ForbiddenError("not_in_correction", path=entry.path)
    _require_rows(session, application, definition, entries)
    outcome = store_entries(session, application.id, entries, by=_person(actor), now=now)
    if outcome.saved:
        _note_change(session, application, definition, outcome.saved, actor=actor, now=now)
    return outcome


def save_section(
    session: Session,
    application: Application,
    section_key: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> SaveOutcome:
    """Store answers of one section by path, whatever stood there before; raises as ``save_answers``, NotFoundError."""
    section = definition_of(application.call.definition).section_of
    if any(path not in section or section[path].key != section_key for path in values):
        raise NotFoundError(section=section_key)
    entries = [Entry(path, "", value) for path, value in values.items()]
    return save_answers(session, application, entries, actor=actor, now=now)


def hold_application(session: Session, application: Application) -> None:
    """Keep the application from being submitted or moved until the transaction ends, without keeping editors out."""
    query = select(Application).where(Application.id == application.id)
    held = query.with_for_update(read=True, key_share=True, of=Application)
    session.scalars(held.execution_options(populate_existing=True)).one()


def write_answers(
    session: Session,
    application: Application,
    values: Mapping[tuple[str, str], Any],
    *,
    by: UUID,
    now: datetime,
    origin: str = "",
) -> None:
    """Store values by (path, row) whatever stood there, in one statement; for new drafts and undertakings.

    ``origin``: where they were taken from, as ``Answer`` has it; empty where a person gave them.
    """
    write_values(session, application.id, values, by=by, now=now, origin=origin)


def _require_storable(definition: Definition, entry: Entry) -> None:
    field = definition.fields_by_path.get(entry.path)
    if field is None or field.kind in NEVER_TYPED:
        raise NotFoundError(field=entry.path)
    if (entry.path not in definition.section_of) != bool(entry.row):
        raise NotFoundError(field=entry.path)
    try:
        to_case_value(field, entry.value)
    except (WrongKindError, ValueError, TypeError) as error:
        raise InvalidError("answer_of_wrong_kind", path=entry.path) from error


def _require_rows(session: Session, application: Application, definition: Definition, entries: Sequence[Entry]) -> None:
    """Raises RowGoneError where a row is not there; those that are, stay until the transaction ends."""
    wanted: set[tuple[str, str]] = set()
    for entry in entries:
        if not entry.row:
            continue
        table = _rows_owner(definition, entry.path)
        if table.fixed_rows is None:
            wanted.add((table.path, entry.row))
        elif entry.row not in fixed_row_ids(table, application.call.year):
            raise RowGoneError(table=table.path, row=entry.row)
    gone = wanted - _hold_rows(session, application, wanted) if wanted else ()
    for table_path, row in sorted(gone):
        raise RowGoneError(table=table_path, row=row)


def _rows_owner(definition: Definition, column_path: str) -> Field:
    """The table whose rows a column's answers belong to: its own, or the one its table follows."""
    table = definition.field(column_path.rpartition(".")[0])
    while table.rows_of:
        table = definition.field(table.rows_of)
    return table


def _hold_rows(session: Session, application: Application, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    query = (
        select(AnswerRow.table_key, AnswerRow.row_id)
        .where(AnswerRow.application_id == application.id, AnswerRow.deleted.is_(False))
        .where(tuple_(AnswerRow.table_key, AnswerRow.row_id).in_(sorted(wanted)))
        .order_by(AnswerRow.table_key, AnswerRow.row_id)
        .with_for_update(read=True, key_share=True)
    )
    return {(table, row) for table, row in session.execute(query)}


def _note_change(
    session: Session,
    application: Application,
    definition: Definition,
    saved: Sequence[tuple[str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Audit which answers were changed, never what they say; then keep the title as last saved.

    The entry locks the application's counter in the log, so the title is worked out by one editor after the other.
    """
    detail = {"answers": [f"{path}[{row}]" if row else path for path, row in saved]}
    audit.record(session, actor, "application.answers_saved", ("application", application.id), at=now, detail=detail)
    if application.revision_no or not renames(definition, {path for path, _ in saved}):
        return  # the office reads the title: a correction's staged one shows when it is resubmitted
    title = title_of(load_draft(session, application))
    if application.title != title:
        application.title = title


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id
