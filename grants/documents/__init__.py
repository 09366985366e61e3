"""Uploads, webless: proof of type, checksum, a store port. Routes, access, link tables belong to the owning stage.

Enters: a stream and a name. Leaves: bytes kept by their SHA-256 and a row that says what they were proved to be.
"""

from grants.documents.errors import REFUSALS, RefusedFileError
from grants.documents.files import Received, add_file, keep_bytes, open_file, put_bytes, receive_upload, store_upload
from grants.documents.models import StoredFile
from grants.documents.store import FolderStore, Store, current_store, store_of, use_store

__all__ = [
    "REFUSALS",
    "FolderStore",
    "Received",
    "RefusedFileError",
    "Store",
    "StoredFile",
    "add_file",
    "current_store",
    "keep_bytes",
    "open_file",
    "put_bytes",
    "receive_upload",
    "store_of",
    "store_upload",
    "use_store",
]
