"""What may be edited now: everything of a draft, only what the office named in a correction (补正)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grants.programmes.domain import Definition, DocumentSlot, Field


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to put right: an answer by path and row, or a document by slot and row. An empty row means all."""

    path: str
    row: str
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class EditScope:
    """``items`` None opens everything; otherwise only what they name."""

    items: tuple[CorrectionItem, ...] | None = None

    @property
    def is_correction(self) -> bool:
        return self.items is not None

    def opens(self, path: str, row: str = "") -> bool:
        """Whether this answer may be changed: named itself, or its whole table."""
        if self.items is None:
            return True
        return any(item.path and _within(path, item.path) and item.row in ("", row) for item in self.items)

    def opens_rows(self, table: Field) -> bool:
        """Whether rows may be added, deleted and moved: the whole table was named."""
        return self.items is None or any(item.path == table.path and not item.row for item in self.items)

    def opens_document(self, slot: str, row: str = "") -> bool:
        """Whether files of this slot may be changed."""
        return self.items is None or any(item.document == slot and item.row in ("", row) for item in self.items)

    def opens_any(self, table: Field) -> bool:
        """Whether anything of a table may be changed."""
        return self.items is None or any(_within(item.path, table.path) for item in self.items if item.path)

    def reasons(self, path: str, row: str = "") -> tuple[str, ...]:
        """Why this answer is to be put right."""
        items = self.items or ()
        return tuple(item.reason for item in items if item.path == path and item.row in ("", row) and item.reason)

    def document_reasons(self, slot: str, row: str = "") -> tuple[str, ...]:
        """Why a file of this slot is to be put right."""
        items = self.items or ()
        return tuple(item.reason for item in items if item.document == slot and item.row in ("", row) and item.reason)


EVERYTHING = EditScope()
NOTHING = EditScope(())


def scope_of(items: Iterable[Mapping[str, Any]]) -> EditScope:
    """The scope of a correction from its stored items: {"path", "row", "document", "reason"}, any of them absent."""
    return EditScope(
        tuple(
            CorrectionItem(*(str(item.get(key) or "") for key in ("path", "row", "document", "reason")))
            for item in items
        )
    )


def unknown_items(definition: Definition, scope: EditScope) -> tuple[CorrectionItem, ...]:
    """Items that name neither a field nor a document of the definition."""
    slots = {slot.key for slot in definition.documents}
    return tuple(
        item for item in scope.items or () if item.path not in definition.fields_by_path and item.document not in slots
    )


def slot_of(definition: Definition, key: str) -> DocumentSlot | None:
    """The slot of that key, or None."""
    return next((slot for slot in definition.documents if slot.key == key), None)


def _within(path: str, table: str) -> bool:
    return path == table or path.startswith(f"{table}.")
