"""What was just deleted or imported, and the way to take it back; rows that were deleted before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from grants.applications.domain import Draft
from grants.applications.queries import DeletedRow
from grants.programmes.domain import Field, FieldKind, WrongKindError, to_case_value
from grants.programmes.domain.reading import words_of
from grants.questions import table_id

NAME_LENGTH = 30
TELLING_CELLS = 4


@dataclass(frozen=True, slots=True)
class Undone:
    """A notice with its button: what happened, where the button posts, and what it carries along."""

    text: str
    url: str
    form_id: str
    fields: tuple[tuple[str, str], ...] = ()


def undo_of(
    application_id: UUID, draft: Draft, table: Field, query: Mapping[str, str], *, back: str = ""
) -> Undone | None:
    """The notice for what the address says was just done to this table; None when it says nothing, or it is undone."""
    here: dict[str, Any] = {"application_id": application_id, "table": table.path}
    path, _sep, row = query.get("deleted", "").partition(":")
    if path == table.path and row and not draft.has_row(path, row) and _had(draft, table, row):
        text = str(_("已删除%(row)s。", row=row_name(draft, table, row)))
        url = url_for("applications.restore_row", row=row, **here)
        return Undone(text, url, f"undo-{table_id(table.path)}", (("back", back),) if back else ())
    at = query.get("imported", "")
    if not at or not at.startswith("2"):
        return None
    text = str(_("已导入。添加和替换的行可以一次撤销；已有各行中更新的单元格不在其内。"))
    url = url_for("applications.undo_import", **here)
    return Undone(text, url, f"undo-{table_id(table.path)}", (("at", at),))


def row_name(draft: Draft, table: Field, row: str) -> str:
    """合同“SL-2025-001”: a row by what its first filled cell says, two where that is a choice; else only 合同."""
    label = table.row_label or str(_("一行"))
    cells = [_short(cell) for cell in _cells(draft, table, row)[: _telling(table)]]
    return f"{label}“{'，'.join(cells)}”" if cells else label


@dataclass(frozen=True, slots=True)
class DeletedView:
    """A deleted row in the list of those that can be restored."""

    name: str
    cells: str
    deleted: DeletedRow
    restore_url: str


def deleted_views(application_id: UUID, draft: Draft, table: Field, rows: Sequence[DeletedRow]) -> list[DeletedView]:
    """Deleted rows in words, the latest first."""
    return [
        DeletedView(
            row_name(draft, table, row.id),
            "，".join(_short(cell) for cell in _cells(draft, table, row.id)[_telling(table) : TELLING_CELLS]),
            row,
            url_for("applications.restore_row", application_id=application_id, table=table.path, row=row.id),
        )
        for row in rows
    ]


def _telling(table: Field) -> int:
    return 2 if table.columns[0].kind is FieldKind.CHOICE else 1


def _had(draft: Draft, table: Field, row: str) -> bool:
    return any((column.path, row) in draft.answers for column in table.columns)


def _cells(draft: Draft, table: Field, row: str) -> list[str]:
    """The filled cells of a row in words, standing or deleted; what is computed is left out."""
    typed = [column for column in table.columns if column.kind is not FieldKind.COMPUTED]
    texts = (_words(draft, column, draft.value(column.path, row)) for column in typed)
    return [text for text in texts if text]


def _words(draft: Draft, column: Field, stored: Any) -> str:
    try:
        return words_of(draft.definition, column, to_case_value(column, stored))
    except WrongKindError:
        return str(stored)


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= NAME_LENGTH else f"{line[:NAME_LENGTH]}…"
