"""Deleting rows, and taking a deletion or an import back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.applications.domain import Draft
from grants.applications.errors import RowChangedError
from grants.applications.models import AnswerRow, Application
from grants.applications.services.rows.locking import (
    get_row,
    lock_rows,
    open_own_table,
    record_row,
    require_room,
    touch,
)
from grants.kernel.actor import Actor
from grants.programmes.domain import Field


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
    """Delete a row; its cells stay, so that it can be restored. Deleting it twice is harmless.

    Args:
        seen: digest of the cells as they were shown (``Draft.row_digest``); None deletes whatever they are.

    Raises:
        RowChangedError: somebody has changed the row since it was shown.
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        NotFoundError: the table never had this row.
    """
    draft, table = open_own_table(session, application, table_path, actor=actor, now=now)
    row = get_row(lock_rows(session, application, table_path), row_id)
    if row.deleted:
        return
    if seen is not None and seen != draft.row_digest(table, row_id):
        raise RowChangedError(table=table_path, row=row_id)
    row.deleted = True
    touch(row, actor, now)
    record_row(session, application, "application.row_deleted", table_path, row_id, actor=actor, now=now)


def restore_row(
    session: Session, application: Application, table_path: str, row_id: str, *, actor: Actor, now: datetime
) -> None:
    """Bring a deleted row back with its cells, where it stood. Restoring it twice is harmless.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        InvalidError: ``too_many_rows``.
        NotFoundError: the table never had this row.
    """
    _, table = open_own_table(session, application, table_path, actor=actor, now=now)
    rows = lock_rows(session, application, table_path)
    row = get_row(rows, row_id)
    if not row.deleted:
        return
    require_room(table, sum(not other.deleted for other in rows) + 1)
    row.deleted = False
    touch(row, actor, now)
    record_row(session, application, "application.row_restored", table_path, row_id, actor=actor, now=now)


def undo_import(
    session: Session, application: Application, table_path: str, *, at: datetime, actor: Actor, now: datetime
) -> int:
    """Take back the rows that were added and deleted by the import of that instant; returns how many rows that are.

    Cells that an import changed in rows of before stay as they are. A second time there is nothing left to take back.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        InvalidError: ``too_many_rows``: rows have been added since, and those deleted find no room.
        NotFoundError: no such table.
        RowChangedError: somebody has filled in one of the added rows since.
    """
    draft, table = open_own_table(session, application, table_path, actor=actor, now=now)
    rows = lock_rows(session, application, table_path)
    touched = [row for row in rows if row.changed_at == at and (row.deleted or row.version == 1)]
    _require_untouched(draft, table, [row for row in touched if not row.deleted], at)
    for row in touched:
        row.deleted = not row.deleted
        touch(row, actor, now)
    require_room(table, sum(not row.deleted for row in rows))
    if touched:
        detail = {"table": table_path, "rows": [row.row_id for row in touched]}
        subject = ("application", application.id)
        audit.record(session, actor, "application.import_undone", subject, at=now, detail=detail)
    return len(touched)


def _require_untouched(draft: Draft, table: Field, rows: Sequence[AnswerRow], at: datetime) -> None:
    for row in rows:
        answers = [draft.answers.get((column.path, row.row_id)) for column in table.columns]
        if any(answer is not None and answer.changed_at > at for answer in answers):
            raise RowChangedError(table=table.path, row=row.row_id)
