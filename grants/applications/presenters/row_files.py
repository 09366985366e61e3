"""The documents of each row of a table: how many of those due are there, and where to add the others."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from grants.applications.domain import Draft
from grants.applications.presenters.places import slot_id
from grants.programmes.domain import Field, Phase, required_documents

RowFiles = dict[str, str]


def row_files(application_id: UUID, draft: Draft, table: Field) -> dict[str, RowFiles]:
    """By row: ``text`` (材料 2/4), ``kind`` and ``icon`` of its state, ``url`` of its first open slot.

    Empty for a table whose rows have no slots of their own.
    """
    slots = [slot for slot in draft.definition.documents if slot.rows_of == table.path]
    slots = [slot for slot in slots if slot.phase is Phase.APPLICATION]
    if not slots:
        return {}
    keys = [slot.key for slot in slots]
    due = {(key, row or "") for key, row in required_documents(draft.definition, draft.case) if key in keys}
    there = Counter((file.slot, file.row) for file in draft.files)
    return {row: _row_files(application_id, keys, row, due, there) for row in draft.row_ids(table)}


def _row_files(
    application_id: UUID, keys: list[str], row: str, due: set[tuple[str, str]], there: Counter[tuple[str, str]]
) -> RowFiles:
    wanted = [key for key in keys if (key, row) in due]
    missing = [key for key in wanted if not there[key, row]]
    anchor = slot_id((missing or wanted or keys)[0], row)
    given = sum(bool(there[key, row]) for key in keys)
    return {
        "text": str(_("材料 %(given)s/%(all)s", given=given, all=len(wanted)))
        if wanted
        else str(_("材料 %(n)s 份，选交", n=given)),
        "kind": "act" if missing else "ok",
        "icon": "alert" if missing else "check",
        "url": url_for("applications.documents", application_id=application_id, _anchor=anchor),
    }
