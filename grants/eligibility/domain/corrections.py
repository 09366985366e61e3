"""What to ask the enterprise to put right, from the findings that need it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grants.eligibility.domain.judging import needs_correction
from grants.programmes.domain import Definition

_CELL = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]*)\]\.(?P<column>.+)")


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to be put right: a field (``path``, in a table with ``row``) or a document. ``rules`` ask for it."""

    path: str | None
    row: str | None
    document: str | None
    reason: str
    rules: tuple[str, ...] = ()

    def to_json(self) -> dict[str, str | None]:
        """As a correction request keeps it."""
        return {"path": self.path, "row": self.row, "document": self.document, "reason": self.reason}


def correction_items(
    definition: Definition, findings: Iterable[Any], documents: Iterable[tuple[str, str | None]] = ()
) -> tuple[CorrectionItem, ...]:
    """What to ask the enterprise to put right, from the findings that need it and what they read.

    A rule over several rows of a table opens the table, one over a single row that row's cells. ``documents`` are the
    slots (key, row) that a check of the documents found wanting.
    """
    asked: dict[tuple[str | None, str | None, str | None], tuple[list[str], list[str]]] = {}
    for finding in findings:
        if not needs_correction(finding):
            continue
        rule = definition.rule(finding.rule)
        places = _places(definition, [entry["name"] for entry in finding.read])
        if rule.check is not None and rule.check.name == "documents_sound":
            places = [(None, row, key) for key, row in documents]
        for place in places:
            reasons, rules = asked.setdefault(place, ([], []))
            reasons.append(finding.message)
            rules.append(finding.rule)
    return tuple(
        CorrectionItem(path, row, document, " ".join(dict.fromkeys(reasons)), tuple(rules))
        for (path, row, document), (reasons, rules) in asked.items()
    )


def _places(definition: Definition, names: Sequence[str]) -> list[tuple[str | None, str | None, str | None]]:
    places: dict[tuple[str | None, str | None, str | None], None] = {}
    rows = _rows_read(names)
    slots = {slot.key for slot in definition.documents}
    for name in names:
        cell = _CELL.fullmatch(name)
        table, row, column = (cell["table"], cell["row"], cell["column"]) if cell else ("", None, name)
        if column.startswith("documents."):
            key = column.removeprefix("documents.")
            if key in slots:
                places[None, row, key] = None
        elif cell and len(rows[table]) > 1 and table in definition.section_of:
            places[table, None, None] = None
        elif (path := f"{table}.{column}" if cell else column) in definition.fields_by_path and not _is_computed(
            definition, path
        ):
            places[path, row, None] = None
    return list(places)


def _rows_read(names: Iterable[str]) -> dict[str, set[str]]:
    rows: dict[str, set[str]] = {}
    for name in names:
        if cell := _CELL.fullmatch(name):
            rows.setdefault(cell["table"], set()).add(cell["row"])
    return rows


def _is_computed(definition: Definition, path: str) -> bool:
    field = definition.field(path)
    return field.compute is not None
