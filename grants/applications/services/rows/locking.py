"""What every step on rows begins and ends with: the table opened, its rows locked, the step recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit
from grants.applications.domain import Draft, has_own_rows
from grants.applications.models import AnswerRow, Application
from grants.applications.policies import edit_scope, may_edit
from grants.applications.queries import load_draft, lock_application, open_correction
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes.domain import Field, FieldKind

ROW_ID = re.compile(r"r[0-9a-z]{1,12}")


def open_table(
    session: Session, application: Application, table_path: str, *, actor: Actor, now: datetime
) -> tuple[Draft, Field]:
    """The draft and the table; the application is locked, so that nobody saves an answer between look and step.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        NotFoundError: no such table.
    """
    lock_application(session, application.id)
    correction = open_correction(session, application)
    may_edit(actor, application, now=now, correction=correction).require()
    draft = load_draft(session, application)
    table = draft.definition.fields_by_path.get(table_path)
    if table is None or table.kind is not FieldKind.TABLE:
        raise NotFoundError(table=table_path)
    if not edit_scope(application, correction).opens_rows(table):
        raise ForbiddenError("not_in_correction", path=table_path)
    return draft, table


def open_own_table(
    session: Session, application: Application, table_path: str, *, actor: Actor, now: datetime
) -> tuple[Draft, Field]:
    """``open_table`` for one whose rows people add and delete; NotFoundError for others."""
    draft, table = open_table(session, application, table_path, actor=actor, now=now)
    if not has_own_rows(table):
        raise NotFoundError(table=table_path)
    return draft, table


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


def insert_rows(
    session: Session,
    application: Application,
    table_path: str,
    places: Sequence[tuple[str, int]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Add rows by (id, position) in one statement; one that is there already stays as it is."""
    if not places:
        return
    same: dict[str, Any] = {"deleted": False, "version": 1, "changed_by": person_of(actor), "changed_at": now}
    rows = [
        {"application_id": application.id, "table_key": table_path, "row_id": row, "position": position, **same}
        for row, position in places
    ]
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    session.execute(insert(AnswerRow).on_conflict_do_nothing(), rows)


def require_row_id(row_id: str) -> None:
    """Refuse an id of another shape: ``bad_row``."""
    if ROW_ID.fullmatch(row_id) is None:
        raise InvalidError("bad_row")


def require_room(table: Field, count: int) -> None:
    """Refuse more rows than the table takes: ``too_many_rows``."""
    if table.max_rows is not None and count > table.max_rows:
        raise InvalidError("too_many_rows", limit=table.max_rows)


def get_row(rows: Sequence[AnswerRow], row_id: str) -> AnswerRow:
    """The row of that id among these; NotFoundError."""
    found = next((row for row in rows if row.row_id == row_id), None)
    if found is None:
        raise NotFoundError(row=row_id)
    return found


def touch(row: AnswerRow, actor: Actor, now: datetime) -> None:
    """Note on the row who changed it when."""
    row.changed_by, row.changed_at, row.version = person_of(actor), now, row.version + 1


def person_of(actor: Actor) -> UUID:
    """The person behind the actor; ForbiddenError when nobody is signed in."""
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id


def record_row(
    session: Session, application: Application, kind: str, table: str, row: str, *, actor: Actor, now: datetime
) -> None:
    """Audit a step on one row."""
    audit.record(session, actor, kind, ("application", application.id), at=now, detail={"table": table, "row": row})
