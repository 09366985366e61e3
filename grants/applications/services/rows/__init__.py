"""Rows of tables: added, copied, deleted, restored, moved, imported; each versioned like an answer."""

from grants.applications.services.rows.adding import add_row, copy_row
from grants.applications.services.rows.importing import ImportOutcome, import_rows
from grants.applications.services.rows.locking import ROW_ID, lock_rows
from grants.applications.services.rows.moving import move_row
from grants.applications.services.rows.removing import delete_row, restore_row, undo_import

__all__ = [
    "ROW_ID",
    "ImportOutcome",
    "add_row",
    "copy_row",
    "delete_row",
    "import_rows",
    "lock_rows",
    "move_row",
    "restore_row",
    "undo_import",
]
