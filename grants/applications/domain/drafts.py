"""A draft as a value: stored answers, rows and files of one application, and the case they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from grants.documents.states import ScanState
from grants.kernel.canonical import fingerprint
from grants.programmes.domain import (
    AttachedDocument,
    Case,
    Definition,
    Field,
    FieldKind,
    Gap,
    Phase,
    build_case_content,
    case_from_json,
    fixed_row_ids,
    missing_answers,
    shown_fields,
)

DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer with its version, and who wrote it when; ``origin``: where it was taken from, if nobody typed it."""

    value: Any
    version: int
    changed_by: UUID
    changed_at: datetime
    origin: str = ""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a table that people add to; ``version`` counts moves."""

    id: str
    position: int
    version: int


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file in a slot; ``row`` is empty where the slot belongs to the whole application."""

    id: UUID
    slot: str
    row: str
    name: str
    content_type: str
    size_bytes: int
    pages: int | None
    sha256: str
    attached_at: datetime
    scan_state: ScanState = ScanState.CLEAN

    @property
    def is_usable(self) -> bool:
        """Whether it may count as attached; one that waits for its scan does, so that no deadline hangs on it."""
        return self.scan_state is not ScanState.INFECTED

    def document(self) -> AttachedDocument:
        """The file's line in the manifest."""
        return AttachedDocument(self.slot, self.row or None, self.pages, self.sha256, self.name, self.size_bytes)


@dataclass(frozen=True)
class Draft:
    """Everything entered so far. ``call`` is the case's ``call`` object, ``answers`` go by (path, row id or empty)."""

    definition: Definition
    call: Mapping[str, Any]
    answers: Mapping[tuple[str, str], StoredAnswer]
    rows: Mapping[str, tuple[StoredRow, ...]]
    files: tuple[AttachedFile, ...] = ()
    submitted_at: datetime | None = None
    application: str = ""
    receipt_no: int | None = None

    def value(self, path: str, row: str = "") -> Any:
        """The stored value, None where there is none."""
        found = self.answers.get((path, row))
        return None if found is None else found.value

    def row_ids(self, table: Field) -> tuple[str, ...]:
        """Ids of a table's rows in order: its own, those of the table it follows, or its fixed ones."""
        if table.fixed_rows is not None:
            return fixed_row_ids(table, int(self.call["year"]))
        if table.rows_of:
            return self.row_ids(self.definition.field(table.rows_of))
        return tuple(row.id for row in self.rows.get(table.path, ()))

    def has_row(self, table_path: str, row: str) -> bool:
        """Whether the table has that row now."""
        return row in self.row_ids(self.definition.field(table_path))

    def with_row(self, table_path: str, row: str) -> Draft:
        """The same draft with one more, empty row at the end of a table."""
        rows = (*self.rows.get(table_path, ()), StoredRow(row, 1_000_000, 0))
        return replace(self, rows={**self.rows, table_path: rows})

    def with_values(self, values: Mapping[tuple[str, str], Any], *, by: UUID, at: datetime) -> Draft:
        """The same draft with other values, by (path, row)."""
        changed = {place: StoredAnswer(value, 1, by, at) for place, value in values.items()}
        return replace(self, answers={**self.answers, **changed})

    @cached_property
    def content(self) -> dict[str, Any]:
        """What a revision freezes: ``org``, ``answers``, ``documents`` in the JSON of a case."""
        definition = self.definition
        tables = [field for field in map(definition.field, definition.section_of) if field.kind is FieldKind.TABLE]
        return build_case_content(
            definition,
            answers={path: answer.value for (path, row), answer in self.answers.items() if not row},
            rows={table.path: self._cells(table) for table in tables},
            documents=[file.document() for file in self.present_files],
        )

    @cached_property
    def present_files(self) -> tuple[AttachedFile, ...]:
        """Files whose slot is asked for now and whose row still exists, in the order of the definition.

        An infected file is not present: its slot is missing it, and nothing of it is frozen.
        """
        found: list[AttachedFile] = []
        for slot in self.definition.documents:
            if slot.phase is Phase.APPLICATION:
                rows = self.row_ids(self.definition.field(slot.rows_of)) if slot.rows_of else ("",)
                in_slot = [file for file in self.files if file.slot == slot.key and file.is_usable]
                found += [file for row in rows for file in in_slot if file.row == row]
        return tuple(found)

    @cached_property
    def case(self) -> Case:
        """The typed case of the draft, without evidence."""
        return case_from_json(
            self.definition,
            {
                "definition": self.definition.code,
                "call": self.call,
                "submitted_at": self.submitted_at.isoformat() if self.submitted_at else None,
                "application": self.application,
                "receipt_no": self.receipt_no,
                **self.content,
            },
        )

    @cached_property
    def shown(self) -> frozenset[tuple[str, str]]:
        """Path and row (empty for none) of everything that is asked now."""
        return frozenset((path, row or "") for path, row in shown_fields(self.definition, self.case))

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything missing or out of bounds, in the order of the form, documents last."""
        return missing_answers(self.definition, self.case)

    @property
    def mark(self) -> str:
        """What would be frozen, in short: two marks differ when any of it was changed, files included."""
        return digest(self.content)

    def row_digest(self, table: Field, row: str) -> str:
        """What a row holds, in short: two digests differ when any of its cells was changed."""
        return digest([self.value(column.path, row) for column in table.columns])

    def _cells(self, table: Field) -> Sequence[tuple[str, Mapping[str, Any]]]:
        return [
            (row, {column.key: self.value(column.path, row) for column in table.columns}) for row in self.row_ids(table)
        ]


def digest(value: Any) -> str:
    """A stored value in short, to see whether it is still the one that was shown."""
    return fingerprint(value)[:DIGEST_LENGTH]


def latest_change(answers: Iterable[StoredAnswer]) -> StoredAnswer | None:
    """The answer that was changed last."""
    return max(answers, key=lambda answer: answer.changed_at, default=None)
