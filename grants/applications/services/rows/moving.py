"""The order of rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants.applications.domain import order_mark, reordered
from grants.applications.errors import OrderChangedError
from grants.applications.models import Application
from grants.applications.services.rows.locking import get_row, lock_rows, open_own_table, record_row, touch
from grants.kernel.actor import Actor


def move_row(
    session: Session,
    application: Application,
    table_path: str,
    row_id: str,
    *,
    places: int,
    seen: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Move a row up (negative) or down by so many places, as far as the table goes.

    Args:
        seen: mark of the order as it was shown (``domain.order_mark``); None moves whatever the order is.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        NotFoundError: the table has no such row.
        OrderChangedError: somebody has moved, added or deleted rows since the order was shown; nothing is moved.
    """
    open_own_table(session, application, table_path, actor=actor, now=now)
    rows = lock_rows(session, application, table_path)
    standing = [row.row_id for row in rows if not row.deleted]
    if seen is not None and seen != order_mark(standing):
        raise OrderChangedError(table=table_path)
    moved = get_row([row for row in rows if not row.deleted], row_id)
    order = reordered([row.row_id for row in rows], standing, row_id, places)
    if order == [row.row_id for row in rows]:
        return
    for row in rows:
        row.position = order.index(row.row_id) + 1
    touch(moved, actor, now)
    record_row(session, application, "application.row_moved", table_path, row_id, actor=actor, now=now)
