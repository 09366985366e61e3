"""Adding a row: empty, or as a copy of another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants.applications.errors import RowGoneError
from grants.applications.models import Application
from grants.applications.services.answers import write_answers
from grants.applications.services.rows.locking import (
    get_row,
    insert_rows,
    lock_rows,
    open_own_table,
    person_of,
    record_row,
    require_room,
    require_row_id,
)
from grants.kernel.actor import Actor


def add_row(
    session: Session, application: Application, table_path: str, row_id: str, *, actor: Actor, now: datetime
) -> None:
    """Add an empty row at the end of a table; a second time with the same id changes nothing.

    The id is chosen by whoever shows the form (``r`` and up to twelve digits or small letters), so that a form sent
    twice makes one row.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        InvalidError: ``bad_row`` for an id of another shape, ``too_many_rows``.
        RowGoneError: a row of this id was deleted.
    """
    require_row_id(row_id)
    _, table = open_own_table(session, application, table_path, actor=actor, now=now)
    rows = lock_rows(session, application, table_path)
    standing = next((row for row in rows if row.row_id == row_id), None)
    if standing is not None:
        if standing.deleted:
            raise RowGoneError(table=table_path, row=row_id)
        return
    require_room(table, sum(not row.deleted for row in rows) + 1)
    position = max((row.position for row in rows), default=0) + 1
    insert_rows(session, application, table_path, [(row_id, position)], actor=actor, now=now)
    record_row(session, application, "application.row_added", table_path, row_id, actor=actor, now=now)


def copy_row(
    session: Session,
    application: Application,
    table_path: str,
    row_id: str,
    *,
    new_id: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Add a row with the same answers right behind a row; its documents are not copied. ``new_id`` as in ``add_row``.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        InvalidError: ``bad_row``, ``too_many_rows``.
        NotFoundError: the table never had this row.
        RowGoneError: the row to copy, or one of the new id, was deleted.
    """
    require_row_id(new_id)
    draft, table = open_own_table(session, application, table_path, actor=actor, now=now)
    rows = lock_rows(session, application, table_path)
    original = get_row(rows, row_id)
    copied = next((row for row in rows if row.row_id == new_id), None)
    if original.deleted or (copied is not None and copied.deleted):
        raise RowGoneError(table=table_path, row=row_id)
    if copied is not None:
        return
    require_room(table, sum(not row.deleted for row in rows) + 1)
    for place, row in enumerate(rows):
        row.position = place + 1 if place <= rows.index(original) else place + 2
    session.flush()
    insert_rows(session, application, table_path, [(new_id, original.position + 1)], actor=actor, now=now)
    answers = {column.path: draft.value(column.path, row_id) for column in table.columns}
    values = {(path, new_id): value for path, value in answers.items() if value is not None}
    write_answers(session, application, values, by=person_of(actor), now=now)
    record_row(session, application, "application.row_copied", table_path, new_id, actor=actor, now=now)
