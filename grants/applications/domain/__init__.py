"""The pure half of applications: drafts and their cases, what may be edited, times, frozen content, progress."""

from grants.applications.domain.drafts import AttachedFile, Draft, StoredAnswer, StoredRow, digest, latest_change
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
    requested_fen_of,
    revision_content,
    title_of,
)
from grants.applications.domain.scope import (
    EVERYTHING,
    NOTHING,
    CorrectionItem,
    EditScope,
    scope_of,
    slot_of,
    unknown_items,
)
from grants.applications.domain.times import correction_close, effective_close

__all__ = [
    "DOCUMENTS",
    "EVERYTHING",
    "NOTHING",
    "NOT_FILLED",
    "AttachedFile",
    "CorrectionItem",
    "Draft",
    "EditScope",
    "Progress",
    "SectionProgress",
    "StoredAnswer",
    "StoredRow",
    "Undertaking",
    "canonical_text",
    "case_content_of",
    "correction_close",
    "digest",
    "effective_close",
    "gaps_to_fill",
    "latest_change",
    "progress_of",
    "receipt_ref",
    "requested_fen_of",
    "revision_content",
    "scope_of",
    "shown_sections",
    "slot_of",
    "title_of",
    "unknown_items",
]
