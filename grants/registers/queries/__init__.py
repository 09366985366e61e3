"""Reading snapshots, uploads, and what is kept of services."""

from grants.registers.queries.answers import circuits_by_register, list_answers, lock_circuits
from grants.registers.queries.imports import (
    get_import,
    imports_of,
    list_abandoned,
    list_lost_snapshots,
    list_open_imports,
    lock_import,
    remembered_headings,
    staged_snapshot,
)
from grants.registers.queries.snapshots import (
    find_newest_snapshot,
    get_snapshot,
    list_newest_snapshots,
    list_told,
    page_of_records,
    page_of_snapshots,
    records_by_code,
    stream_entries,
)

__all__ = [
    "circuits_by_register",
    "find_newest_snapshot",
    "get_import",
    "get_snapshot",
    "imports_of",
    "list_abandoned",
    "list_answers",
    "list_lost_snapshots",
    "list_newest_snapshots",
    "list_open_imports",
    "list_told",
    "lock_circuits",
    "lock_import",
    "page_of_records",
    "page_of_snapshots",
    "records_by_code",
    "remembered_headings",
    "staged_snapshot",
    "stream_entries",
]
