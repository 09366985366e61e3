"""A table as its section shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from grants.applications.domain import Draft, EditScope, has_own_rows
from grants.applications.presenters.row_files import row_files
from grants.applications.presenters.totals import named_foot, other_totals, totals_foot
from grants.applications.presenters.undoing import Undone, undo_of
from grants.applications.presenters.words import all_words, row_title
from grants.programmes.domain import (
    Field,
    FieldKind,
)
from grants.questions import table_id

FIGURES = frozenset({FieldKind.MONEY, FieldKind.DATE, FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.PERCENT})
TABLE_COLUMNS = 4
CELL_LENGTH = 36


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as ``table_editor`` shows it."""

    field: Field
    id: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    add_url: str | None
    note: str
    foot: list[str] | None
    totals: list[tuple[str, str]]
    whole_url: str
    undone: Undone | None


def table_view(
    application_id: UUID,
    draft: Draft,
    table: Field,
    scope: EditScope,
    *,
    editable: bool,
    query: Mapping[str, str] | None = None,
) -> TableView:
    """The rows of a table with what is missing in each, and where to change them; ``query`` may name one deleted."""
    words = next((field for section in all_words(draft) for field in section.fields if field.path == table.path), None)
    places = telling_columns(table)
    heads = [words.columns[place] for place in places] if words else []
    may_order = editable and has_own_rows(table) and scope.opens_rows(table)
    may_edit = editable and scope.opens_any(table)
    missing, files = rows_missing(draft, table), row_files(application_id, draft, table)
    shown = [table.columns[place] for place in places]
    rows = []
    for found in words.rows if words else ():
        texts = [found.cells[place] for place in places]
        rows.append(_row_view(application_id, draft, table, found.id, texts, missing.get(found.id, 0)))
        rows[-1]["files"] = files.get(found.id)
        if not may_edit:
            rows[-1]["edit_url"] = None
        if not may_order:
            rows[-1]["delete_url"] = None
    return TableView(
        table,
        table_id(table.path),
        [{"label": head.label, "num": head.numeric, "unit": head.unit} for head in heads],
        rows,
        url_for("applications.new_row", application_id=application_id, table=table.path) if may_order else None,
        str(_("各行随“%(table)s”自动增减。", table=draft.definition.field(table.rows_of).label))
        if table.rows_of
        else "",
        named_foot(totals_foot(draft, table, shown), beside=False),
        other_totals(draft, table, shown),
        url_for("applications.table", application_id=application_id, table=table.path),
        undo_of(application_id, draft, table, query or {}, back="section") if may_order else None,
    )


def telling_columns(table: Field) -> list[int]:
    """Places of the few columns that tell rows apart: the first, then amounts, days, numbers before texts.

    Where the first is one of a few choices, the second belongs to it.
    """
    start = 2 if table.columns[0].kind is FieldKind.CHOICE else 1
    rest = range(start, len(table.columns))
    figures = [place for place in rest if table.columns[place].kind in FIGURES]
    texts = [place for place in rest if place not in figures]
    return [*range(start), *sorted([*figures, *texts][: TABLE_COLUMNS - start])]


def rows_missing(draft: Draft, table: Field) -> dict[str, int]:
    """How many answers are missing in each row."""
    paths = {column.path for column in table.columns}
    counts: dict[str, int] = {}
    for gap in draft.gaps:
        if gap.path in paths and gap.row:
            counts[gap.row] = counts.get(gap.row, 0) + 1
    return counts


def _row_view(
    application_id: UUID, draft: Draft, table: Field, row: str, texts: Sequence[str], missing: int
) -> dict[str, Any]:
    here: dict[str, Any] = {"application_id": application_id, "table": table.path, "row": row}
    state = ("act", "alert", str(_("还差 %(n)s 项", n=missing))) if missing else ("ok", "check", str(_("已填全")))
    title = row_title(draft, table, row)
    return {
        "id": row,
        "lead": _short(texts[0]) or title,
        "sub": title if texts[0] and table.fixed_rows is None else "",
        "cells": [_short(text) or "–" for text in texts[1:]],
        "state": state,
        "bad": False,
        "edit_url": url_for("applications.row", **here),
        "delete_url": url_for("applications.delete_row", **here),
    }


def _short(text: str) -> str:
    return text if len(text) <= CELL_LENGTH else f"{text[:CELL_LENGTH]}…"
