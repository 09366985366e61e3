"""The pure half of applications: drafts and their cases, what may be edited, times, frozen content, progress."""

from grants.applications.domain.advice import advance_findings, undertakings_asked
from grants.applications.domain.carrying import Carried, Left, LeftBehind, carry_over
from grants.applications.domain.differences import (
    Differences,
    FieldChange,
    FileChange,
    RowChange,
    SectionChange,
    Turn,
    ValueChange,
    compare_cases,
)
from grants.applications.domain.drafts import AttachedFile, Draft, StoredAnswer, StoredRow, digest, latest_change
from grants.applications.domain.matching import Kept, Piece
from grants.applications.domain.places import place_words
from grants.applications.domain.progress import (
    DOCUMENTS,
    NOT_FILLED,
    Progress,
    SectionProgress,
    gaps_to_fill,
    progress_of,
    shown_sections,
)
from grants.applications.domain.revisions import (
    Undertaking,
    canonical_text,
    case_content_of,
    receipt_ref,
    renames,
    requested_fen_of,
    revision_content,
    title_in,
    title_of,
)
from grants.applications.domain.rows import has_own_rows, order_mark, reordered, table_mark
from grants.applications.domain.scope import (
    EVERYTHING,
    NOTHING,
    CorrectionItem,
    EditScope,
    scope_of,
    slot_of,
    unknown_items,
)
from grants.applications.domain.times import correction_close, effective_close, own_close

__all__ = [
    "DOCUMENTS",
    "EVERYTHING",
    "NOTHING",
    "NOT_FILLED",
    "AttachedFile",
    "Carried",
    "CorrectionItem",
    "Differences",
    "Draft",
    "EditScope",
    "FieldChange",
    "FileChange",
    "Kept",
    "Left",
    "LeftBehind",
    "Piece",
    "Progress",
    "RowChange",
    "SectionChange",
    "SectionProgress",
    "StoredAnswer",
    "StoredRow",
    "Turn",
    "Undertaking",
    "ValueChange",
    "advance_findings",
    "canonical_text",
    "carry_over",
    "case_content_of",
    "compare_cases",
    "correction_close",
    "digest",
    "effective_close",
    "gaps_to_fill",
    "has_own_rows",
    "latest_change",
    "order_mark",
    "own_close",
    "place_words",
    "progress_of",
    "receipt_ref",
    "renames",
    "reordered",
    "requested_fen_of",
    "revision_content",
    "scope_of",
    "shown_sections",
    "slot_of",
    "table_mark",
    "title_in",
    "title_of",
    "undertakings_asked",
    "unknown_items",
]
