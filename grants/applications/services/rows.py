"""Rows of tables: added, deleted, moved; each versioned like an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit
from grants.applications.domain import Draft
from grants.applications.errors import RowChangedError, RowGoneError
from grants.applications.models import AnswerRow, Application
from grants.applications.policies import edit_scope, may_edit
from grants.applications.queries import load_draft, open_correction
from grants.applications.services.answers import hold_application
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes.domain import Field, FieldKind

ROW_ID = re.compile(r"r[0-9a-z]{1,12}")


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
    if ROW_ID.fullmatch(row_id) is None:
        raise InvalidError("bad_row")
    draft, table = _open_table(session, application, table_path, actor=actor, now=now)
    rows = lock_rows(session, application, table_path)
    standing = next((row for row in rows if row.row_id == row_id), None)
    if standing is not None:
        if standing.deleted:
            raise RowGoneError(table=table_path, row=row_id)
        return
    if table.max_rows is not None and len(draft.row_ids(table)) >= table.max_rows:
        raise InvalidError("too_many_rows", limit=table.max_rows)
    position = max((row.position for row in rows), default=0) + 1
    _insert_row(session, application, table_path, row_id, position, actor=actor, now=now)
    _record(session, application, "application.row_added", table_path, row_id, actor=actor, now=now)


def delete_row(
    session: Session,
    application: Application,
    table_path: str,
    row_id: str,
    *,
    seen: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Delete a row; its cells stay as history. Deleting it twice is harmless.

    Args:
        seen: digest of the cells as they were shown (``Draft.row_digest``); None deletes whatever they are.

    Raises:
        RowChangedError: somebody has changed the row since it was shown.
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        NotFoundError: the table never had this row.
    """
    draft, table = _open_table(session, application, table_path, actor=actor, now=now)
    row = _get_row(lock_rows(session, application, table_path), row_id)
    if row.deleted:
        return
    if seen is not None and seen != draft.row_digest(table, row_id):
        raise RowChangedError(table=table_path, row=row_id)
    row.deleted = True
    _touch(row, actor, now)
    _record(session, application, "application.row_deleted", table_path, row_id, actor=actor, now=now)


def move_row(
    session: Session,
    application: Application,
    table_path: str,
    row_id: str,
    *,
    places: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Move a row up (negative) or down by so many places, as far as the table goes.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        NotFoundError: the table has no such row.
    """
    _open_table(session, application, table_path, actor=actor, now=now)
    rows = [row for row in lock_rows(session, application, table_path) if not row.deleted]
    moved = _get_row(rows, row_id)
    order = [row for row in rows if row is not moved]
    order.insert(max(0, min(len(order), rows.index(moved) + places)), moved)
    for position, row in enumerate(order, 1):
        if row.position != position:
            row.position = position
            _touch(row, actor, now)
    _record(session, application, "application.row_moved", table_path, row_id, actor=actor, now=now)


def lock_rows(session: Session, application: Application, table_path: str) -> Sequence[AnswerRow]:
    """All rows of a table, deleted ones too, in order, locked until the transaction ends."""
    query = (
        select(AnswerRow)
        .where(AnswerRow.application_id == application.id, AnswerRow.table_key == table_path)
        .order_by(AnswerRow.position, AnswerRow.row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _open_table(
    session: Session, application: Application, table_path: str, *, actor: Actor, now: datetime
) -> tuple[Draft, Field]:
    hold_application(session, application)
    correction = open_correction(session, application)
    may_edit(actor, application, now=now, correction=correction).require()
    draft = load_draft(session, application)
    table = draft.definition.fields_by_path.get(table_path)
    if table is None or table.kind is not FieldKind.TABLE or table.rows_of or table.fixed_rows is not None:
        raise NotFoundError(table=table_path)
    if not edit_scope(application, correction).opens_rows(table):
        raise ForbiddenError("not_in_correction", path=table_path)
    return draft, table


def _insert_row(
    session: Session,
    application: Application,
    table_path: str,
    row_id: str,
    position: int,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    values: dict[str, Any] = {
        "application_id": application.id,
        "table_key": table_path,
        "row_id": row_id,
        "position": position,
        "deleted": False,
        "version": 1,
        "changed_by": actor.person_id,
        "changed_at": now,
    }
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    session.execute(insert(AnswerRow).values(values).on_conflict_do_nothing())


def _get_row(rows: Sequence[AnswerRow], row_id: str) -> AnswerRow:
    found = next((row for row in rows if row.row_id == row_id), None)
    if found is None:
        raise NotFoundError(row=row_id)
    return found


def _touch(row: AnswerRow, actor: Actor, now: datetime) -> None:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    row.version += 1
    row.changed_by, row.changed_at = actor.person_id, now


def _record(
    session: Session, application: Application, kind: str, table: str, row: str, *, actor: Actor, now: datetime
) -> None:
    audit.record(session, actor, kind, ("application", application.id), at=now, detail={"table": table, "row": row})
