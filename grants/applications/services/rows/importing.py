"""Taking in many lines at once, in one transaction and with the same few statements however many they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit
from grants.applications.domain import Draft, has_own_rows, renames, table_mark, title_of
from grants.applications.domain.importing import ImportLine, ImportPlan, Place, plan_import
from grants.applications.errors import TableChangedError
from grants.applications.models import Answer, AnswerRow, Application
from grants.applications.queries import load_draft
from grants.applications.services.rows.locking import (
    insert_rows,
    lock_rows,
    open_table,
    person_of,
    require_row_id,
    touch,
)
from grants.kernel.actor import Actor
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes.domain import Field, WrongKindError, to_case_value


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What was stored, and what was not; ``removed`` rows were replaced."""

    plan: ImportPlan
    removed: int


def import_rows(
    session: Session,
    application: Application,
    table_path: str,
    lines: Sequence[ImportLine],
    *,
    insisted: Collection[Place] = (),
    replaces: str | None = None,
    actor: Actor,
    now: datetime,
) -> ImportOutcome:
    """Add rows and change cells, as ``plan_import`` works out from what stands now; everything else stays.

    Effects, in order: locks the application and the table's rows; deletes the standing rows where they are replaced;
    adds rows; stores cells; one audit entry. Sent twice, it changes nothing the second time.

    Args:
        insisted: clashes that the person decided for the import.
        replaces: mark of the table (``domain.table_mark``) whose rows are to go; None keeps them.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the table.
        InvalidError: ``bad_row``; ``answer_of_wrong_kind``, a value that is not of its column's kind.
        NotFoundError: no such table or column, or rows added to or replaced in a table of others' rows.
        TableChangedError: the rows to be replaced are no longer those that were shown; nothing is stored.
    """
    draft, table = open_table(session, application, table_path, actor=actor, now=now)
    _require_storable(table, lines, replaces=replaces is not None)
    rows = lock_rows(session, application, table_path)
    ids = {row.row_id for row in rows}
    if replaces is not None and replaces != table_mark(draft, table) and not ids & {line.new_id for line in lines}:
        raise TableChangedError(table=table_path)
    plan = plan_import(draft, table, lines, insisted=insisted, taken=ids, replacing=replaces is not None)
    removed = _remove_standing(session, rows, actor=actor, now=now) if replaces is not None and plan.added else 0
    position = max((row.position for row in rows), default=0)
    places = [(line.new_id, position + number) for number, line in enumerate(plan.added, 1)]
    insert_rows(session, application, table_path, places, actor=actor, now=now)
    _store_cells(session, application, draft, plan, actor=actor, now=now)
    _keep_title(session, application, draft, plan)
    if not plan.is_empty or removed:
        detail = {"table": table_path, "added": len(places), "changed": len(plan.changed), "removed": removed}
        audit.record(
            session, actor, "application.rows_imported", ("application", application.id), at=now, detail=detail
        )
    return ImportOutcome(plan, removed)


def _require_storable(table: Field, lines: Sequence[ImportLine], *, replaces: bool) -> None:
    columns = {column.path: column for column in table.columns}
    if not has_own_rows(table) and (replaces or not all(line.row for line in lines)):
        raise NotFoundError(table=table.path)
    for line in lines:
        require_row_id(line.new_id)
        for path, value in line.values.items():
            if path not in columns:
                raise NotFoundError(field=path)
            try:
                to_case_value(columns[path], value)
            except (WrongKindError, ValueError, TypeError) as error:
                raise InvalidError("answer_of_wrong_kind", path=path) from error


def _remove_standing(session: Session, rows: Sequence[AnswerRow], *, actor: Actor, now: datetime) -> int:
    standing = [row for row in rows if not row.deleted]
    for row in standing:
        row.deleted = True
        touch(row, actor, now)
    session.flush()
    return len(standing)


def _store_cells(
    session: Session, application: Application, draft: Draft, plan: ImportPlan, *, actor: Actor, now: datetime
) -> None:
    """The cells of added rows and the changed ones, in one statement that runs over all of them."""
    cells = [(line.new_id, path, value) for line in plan.added for path, value in line.values.items()]
    cells = [cell for cell in cells if cell[2] is not None] + list(plan.changed)
    if not cells:
        return
    same: dict[str, Any] = {"application_id": application.id, "changed_by": person_of(actor), "changed_at": now}
    same["origin"] = ""
    stored = [
        {"field_key": path, "row_id": row, "value": value, "version": _next_version(draft, path, row), **same}
        for row, path, value in cells
    ]
    dialect = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = dialect(Answer)
    changes = {name: statement.excluded[name] for name in ("value", "origin", "version", "changed_by", "changed_at")}
    key = [Answer.application_id, Answer.field_key, Answer.row_id]
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=changes), stored)


def _keep_title(session: Session, application: Application, draft: Draft, plan: ImportPlan) -> None:
    """The title as it now is, where a definition takes it from this table; that of a correction once resubmitted."""
    if application.revision_no:
        return
    paths = {path for line in plan.added for path in line.values} | {path for _, path, _ in plan.changed}
    if paths and renames(draft.definition, paths):
        application.title = title_of(load_draft(session, application))


def _next_version(draft: Draft, path: str, row: str) -> int:
    standing = draft.answers.get((path, row))
    return standing.version + 1 if standing is not None else 1
