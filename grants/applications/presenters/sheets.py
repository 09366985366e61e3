"""A table as its own page shows it: every column, every row, and what can be done to each row."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from grants.applications.domain import Draft, EditScope, has_own_rows, order_mark
from grants.applications.presenters.row_files import row_files
from grants.applications.presenters.tables import rows_missing
from grants.applications.presenters.totals import totals_foot
from grants.applications.presenters.words import all_words, cell_words, row_title
from grants.programmes.domain import Field

ROW_BYTES = 5


@dataclass(frozen=True, slots=True)
class TableSheet:
    """The table as ``sheet_table`` shows it; ``order`` is the mark a move carries, ``moved`` says what just moved."""

    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    foot: list[str] | None
    order: str
    moved: str
    add_url: str | None
    room: int | None


def table_sheet(
    application_id: UUID,
    draft: Draft,
    table: Field,
    scope: EditScope,
    *,
    editable: bool,
    moved: Mapping[str, str],
) -> TableSheet:
    """All of a table. ``moved`` is the query that names a row just moved, whose button gets the focus back."""
    words = next((field for section in all_words(draft) for field in section.fields if field.path == table.path), None)
    fixed = table.fixed_rows.column if table.fixed_rows is not None else ""
    places = [place for place, column in enumerate(table.columns) if column.key != fixed]
    may_order = editable and has_own_rows(table) and scope.opens_rows(table)
    may_edit = editable and scope.opens_any(table)
    missing, files = rows_missing(draft, table), row_files(application_id, draft, table)
    rows = []
    for found in words.rows if words else ():
        row = _row(application_id, draft, table, found.id, missing.get(found.id, 0))
        row |= {"cells": [found.cells[place] for place in places], "files": files.get(found.id)}
        row |= {"may_edit": may_edit, "may_order": may_order, "focus": ""}
        if moved.get("row") == found.id:
            row["focus"] = moved.get("moved", "")
        rows.append(row)
    return TableSheet(
        [_head(words.columns[place]) for place in places] if words else [],
        rows,
        totals_foot(draft, table, [table.columns[place] for place in places]),
        order_mark(draft.row_ids(table)),
        _moved_text(draft, table, moved),
        url_for("applications.new_row", application_id=application_id, table=table.path) if may_order else None,
        None if table.max_rows is None else table.max_rows - len(rows),
    )


def row_facts(draft: Draft, table: Field, row: str) -> list[tuple[str, str]]:
    """Label and words of every cell of a row."""
    words = cell_words(draft)
    return [(column.label, words.get((column.path, row), "") or "–") for column in table.columns]


def _head(column: Any) -> dict[str, Any]:
    return {"label": column.label, "num": column.numeric, "unit": column.unit}


def _row(application_id: UUID, draft: Draft, table: Field, row: str, missing: int) -> dict[str, Any]:
    here: dict[str, Any] = {"application_id": application_id, "table": table.path, "row": row}
    return {
        "id": row,
        "lead": row_title(draft, table, row),
        "state": ("act", "alert", str(_("还差 %(n)s 项", n=missing))) if missing else ("ok", "check", str(_("已填全"))),
        "seen": draft.row_digest(table, row),
        "new_id": f"r{secrets.token_hex(ROW_BYTES)}",
        "edit_url": url_for("applications.row", **here),
        "copy_url": url_for("applications.copy_row", **here),
        "delete_url": url_for("applications.delete_row", **here),
        "move_url": url_for("applications.move_row", **here),
    }


def _moved_text(draft: Draft, table: Field, moved: Mapping[str, str]) -> str:
    ids, row = draft.row_ids(table), moved.get("row", "")
    if "moved" not in moved or row not in ids:
        return ""
    return str(_("已移到第 %(n)s 行，共 %(all)s 行。", n=ids.index(row) + 1, all=len(ids)))
