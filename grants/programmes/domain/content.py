"""From stored answers to what a revision freezes and ``evaluate`` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grants.programmes.domain.answers import is_blank, to_case_json
from grants.programmes.domain.case import AttachedDocument
from grants.programmes.domain.kinds import FieldKind
from grants.programmes.domain.model import Definition, Field
from grants.programmes.domain.names import ORG

StoredRows = Sequence[tuple[str, Mapping[str, Any]]]


def build_case_content(
    definition: Definition,
    *,
    answers: Mapping[str, Any],
    rows: Mapping[str, StoredRows],
    documents: Iterable[AttachedDocument],
) -> dict[str, Any]:
    """``{"org": ..., "answers": ..., "documents": ...}`` in the JSON of a case.

    Args:
        answers: stored answers by path (``org.name``, ``product_name``), money in fen; ``None`` is cleared.
        rows: rows of each table by its path, in order: row id and stored cells by column key.
        documents: the manifest.

    What is blank, computed or unknown to the definition is left out; hidden answers stay (they only read as hidden).
    Tables without rows are left out.
    """
    content: dict[str, Any] = {ORG: {}, "answers": {}, "documents": [document_json(document) for document in documents]}
    for path, section in definition.section_of.items():
        field = definition.field(path)
        target = content[ORG] if section.key == ORG else content["answers"]
        if field.kind is FieldKind.TABLE:
            table = [_row(field, row_id, cells) for row_id, cells in rows.get(path, ())]
            if table:
                target[field.key] = table
        elif field.kind is not FieldKind.COMPUTED and not is_blank(answers.get(path)):
            target[field.key] = to_case_json(field, answers[path])
    return content


def _row(field: Field, row_id: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": row_id}
    for column in field.columns:
        stored = cells.get(column.key)
        if column.kind is not FieldKind.COMPUTED and not is_blank(stored):
            row[column.key] = to_case_json(column, stored)
    return row


def document_json(document: AttachedDocument) -> dict[str, Any]:
    """One line of the manifest as a case carries it."""
    return {
        "key": document.key,
        "row": document.row,
        "pages": document.pages,
        "sha256": document.sha256,
        "name": document.name,
        "size": document.size,
    }
