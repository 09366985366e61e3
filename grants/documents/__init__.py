"""Uploads, webless: proof of type, checksum, a store port. Routes, access, link tables belong to the owning stage.

Enters: a stream and a name. Leaves: bytes kept by their SHA-256 and a row that says what they were proved to be and
whether a worker has found them clean; before that nobody can open them.
"""

from grants.documents.clamd import current_scanner, scanner_of, use_scanner
from grants.documents.errors import REFUSALS, STATES, RefusedFileError
from grants.documents.files import (
    Received,
    add_file,
    keep_bytes,
    open_bytes,
    open_file,
    put_bytes,
    receive_upload,
    store_upload,
)
from grants.documents.forgetting import forget_files, has_content, remove_bytes
from grants.documents.models import FilePreview, StoredFile
from grants.documents.names import clean_name
from grants.documents.orphans import (
    Orphans,
    certain_ones,
    find_orphans,
    forget_left_lying,
    list_contents,
    remove_orphan,
)
from grants.documents.partial import (
    MAX_PIECE_BYTES,
    OutOfPlaceError,
    PartialUpload,
    Progress,
    begin_partial,
    move_on,
    opened_upload,
    write_piece,
)
from grants.documents.parts import FolderParts, Parts, current_parts, use_parts
from grants.documents.previews import (
    ask_for_previews,
    find_unpreviewed,
    keep_preview,
    make_preview,
    preview_of,
    previewed,
)
from grants.documents.scanning import scan_bytes
from grants.documents.scans import (
    ScanResult,
    Unscanned,
    count_scans,
    find_unscanned,
    may_open,
    oldest_unscanned_at,
    scan_again,
    settle_scan,
)
from grants.documents.states import ScanState
from grants.documents.store import FolderStore, Store, current_store, store_of, use_store
from grants.documents.workbooks import NumberedLine, read_cells

__all__ = [
    "MAX_PIECE_BYTES",
    "REFUSALS",
    "STATES",
    "FilePreview",
    "FolderParts",
    "FolderStore",
    "NumberedLine",
    "Orphans",
    "OutOfPlaceError",
    "PartialUpload",
    "Parts",
    "Progress",
    "Received",
    "RefusedFileError",
    "ScanResult",
    "ScanState",
    "Store",
    "StoredFile",
    "Unscanned",
    "add_file",
    "ask_for_previews",
    "begin_partial",
    "certain_ones",
    "clean_name",
    "count_scans",
    "current_parts",
    "current_scanner",
    "current_store",
    "find_orphans",
    "find_unpreviewed",
    "find_unscanned",
    "forget_files",
    "forget_left_lying",
    "has_content",
    "keep_bytes",
    "keep_preview",
    "list_contents",
    "make_preview",
    "may_open",
    "move_on",
    "oldest_unscanned_at",
    "open_bytes",
    "open_file",
    "opened_upload",
    "preview_of",
    "previewed",
    "put_bytes",
    "read_cells",
    "receive_upload",
    "remove_bytes",
    "remove_orphan",
    "scan_again",
    "scan_bytes",
    "scanner_of",
    "settle_scan",
    "store_of",
    "store_upload",
    "use_parts",
    "use_scanner",
    "use_store",
    "write_piece",
]
