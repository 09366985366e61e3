"""How long it takes to fill in what is still missing: an estimate for people who plan their afternoon."""

from __future__ import annotations

from collections.abc import Iterable

from grants.applications.domain.drafts import Draft
from grants.programmes.domain import Field, FieldKind, Gap

SECONDS_PER_MINUTE = 60
SECONDS_PER_CHARACTER = 2  # of a long text: thought about, written, read once more
LONG_TEXT_CHARACTERS = 150  # where the definition names no minimum
DOCUMENT_SECONDS = 120  # found, scanned or exported, uploaded
ANSWER_SECONDS = 30
SECONDS: dict[FieldKind, int] = {
    FieldKind.CHOICE: 15,
    FieldKind.CHOICES: 20,
    FieldKind.YES_NO: 10,
    FieldKind.DATE: 20,
    FieldKind.DISTRICT: 10,
    FieldKind.MONEY: 45,
    FieldKind.LIST: 60,
    FieldKind.COMPUTED: 0,
}


def minutes_for(draft: Draft, gaps: Iterable[Gap]) -> int:
    """Minutes to close these gaps, rounded up; 0 where there are none. The figures are an assumption, not a measure."""
    seconds = sum(_seconds(draft, gap) for gap in gaps)
    return -(-seconds // SECONDS_PER_MINUTE)


def _seconds(draft: Draft, gap: Gap) -> int:
    if gap.kind == "document":
        return DOCUMENT_SECONDS
    field = draft.definition.field(gap.path)
    if gap.kind != "rows":
        return seconds_of(field)
    missing = max(1, (field.min_rows or 1) - len(draft.row_ids(field)))
    return missing * sum(seconds_of(column) for column in field.columns if column.required or column.required_if)


def seconds_of(field: Field) -> int:
    """Seconds to give one answer of this kind."""
    if field.kind is FieldKind.LONG_TEXT:
        return SECONDS_PER_CHARACTER * (field.min_length or LONG_TEXT_CHARACTERS)
    return SECONDS.get(field.kind, ANSWER_SECONDS)
