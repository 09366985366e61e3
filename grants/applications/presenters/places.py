"""Where on which page an answer, a table or a file is filled in: addresses and anchors."""

from __future__ import annotations

import re
from uuid import UUID

from flask import url_for

from grants.applications.domain import DOCUMENTS, Draft
from grants.programmes.domain import (
    FieldKind,
    Gap,
)
from grants.questions import anchor_of, table_id

NOWHERE = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})  # worked out, or asked for at the submission
CELL = re.compile(r"(?P<table>[^\[]+)\[(?P<row>[^\]]*)\]\.(?P<column>.+)")
DOCUMENT = re.compile(r"(?:^|\.)documents\.(?P<key>\w+)\Z")


def section_url(application_id: UUID, key: str) -> str:
    """Where a section is filled in."""
    if key == DOCUMENTS:
        return url_for("applications.documents", application_id=application_id)
    return url_for("applications.section", application_id=application_id, key=key)


def gap_url(application_id: UUID, draft: Draft, gap: Gap) -> str:
    """The page and input where a gap is closed."""
    if gap.kind == "document":
        anchor = slot_id(gap.path, gap.row or "")
        return url_for("applications.documents", application_id=application_id, _anchor=anchor)
    if gap.kind == "rows":
        return section_url(application_id, gap.section) + f"#{table_id(gap.path)}"
    field = draft.definition.field(gap.path)
    anchor = anchor_of(field, gap.row or "")
    if gap.row is None:
        return section_url(application_id, gap.section) + f"#{anchor}"
    table = draft.definition.field(gap.path.removesuffix(f".{field.key}"))
    if table.fixed_rows is not None:
        return section_url(application_id, gap.section) + f"#{anchor}"
    return url_for("applications.row", application_id=application_id, table=table.path, row=gap.row, _anchor=anchor)


def slot_id(slot: str, row: str = "") -> str:
    """The id of a slot on the page of files."""
    return f"slot-{slot}" + (f"-{row}" if row else "")


def read_url(application_id: UUID, draft: Draft, name: str) -> str:
    """Where a name that a rule read is filled in: an answer, a cell, a table, a file; empty for anything else."""
    definition, cell = draft.definition, CELL.fullmatch(name)
    table, row, path = (cell["table"], cell["row"], f"{cell['table']}.{cell['column']}") if cell else ("", None, name)
    if slot := DOCUMENT.search(name):
        gap = Gap(DOCUMENTS, slot["key"], row, "", "document", "")
        return gap_url(application_id, draft, gap)
    section = definition.section_of.get(table or path)
    field = definition.fields_by_path.get(path)
    if section is None or field is None or field.kind in NOWHERE or (row and not draft.has_row(table, row)):
        return ""
    kind = "rows" if field.kind is FieldKind.TABLE else "answer"
    return gap_url(application_id, draft, Gap(section.key, path, row, "", kind, ""))
