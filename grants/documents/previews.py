"""First pages as small pictures: made by a worker of what has been found clean, kept as files of the system.

A preview belongs to a content, not to a row: the same file attached twice has one. Whoever may open a file may see it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.documents.files import Received, add_file, keep_bytes
from grants.documents.forgetting import has_content
from grants.documents.models import FilePreview, StoredFile
from grants.documents.scans import may_open
from grants.documents.states import ScanState
from grants.documents.store import current_store
from grants.kernel.errors import NotFoundError
from grants.sandbox.refusal import Refused
from grants.sandbox.running import run_sandboxed

KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}  # what has a first page to show
JPEG = "image/jpeg"
SYSTEM = "system"  # whose files are made to be read as a whole


@dataclass(frozen=True, slots=True)
class Unpreviewed:
    """A content that may have a preview and has none, free of the database."""

    sha256: str
    kind: str


def preview_of(session: Session, file: StoredFile) -> StoredFile | None:
    """The first page of a file as a JPEG of at most 1,200 pixels either way; None while there is none, or never will
    be, and for a file that may not be opened."""
    if not may_open(file):
        return None
    query = select(StoredFile).join(FilePreview, FilePreview.file_id == StoredFile.id)
    return session.scalars(query.where(FilePreview.sha256 == file.sha256)).one_or_none()


def previewed(session: Session, fingerprints: Collection[str]) -> frozenset[str]:
    """Those of these fingerprints that have a preview, in one query."""
    if not fingerprints:
        return frozenset()
    query = select(FilePreview.sha256).where(FilePreview.sha256.in_(fingerprints))
    return frozenset(session.scalars(query))


def find_unpreviewed(session: Session, file_id: UUID) -> Unpreviewed | None:
    """What a preview is to be made of; None where there is one, or cannot be. Raises NotFoundError."""
    file = session.get(StoredFile, file_id)
    if file is None:
        raise NotFoundError(file=str(file_id))
    if file.content_type not in KINDS or not may_open(file) or previewed(session, [file.sha256]):
        return None
    return Unpreviewed(file.sha256, KINDS[file.content_type])


def make_preview(content: Unpreviewed) -> Received | None:
    """Make the picture and keep its bytes; None where the file cannot be shown. No database, outside any transaction.

    Raises:
        FileNotFoundError, OSError: the store does not give the bytes now.
    """
    with (
        current_store().on_disk(content.sha256) as path,
        tempfile.TemporaryDirectory(prefix="grants-preview-") as folder,
    ):
        out = Path(folder) / "preview"
        try:
            run_sandboxed("preview", content.kind, path, out)
        except Refused:
            return None
        return keep_bytes(out.read_bytes(), name="preview.jpg", content_type=JPEG)


def keep_preview(session: Session, sha256: str, picture: Received, *, now: datetime) -> None:
    """Link a preview to its content, once; none where the content has been forgotten meanwhile."""
    if session.get(FilePreview, sha256) is None and has_content(session, sha256):
        file = add_file(session, picture, by=SYSTEM, now=now)
        session.add(FilePreview(sha256=sha256, file_id=file.id))
        session.flush()


def ask_for_previews(session: Session) -> int:
    """Have previews made of every clean content that may have one and has none; returns how many were asked for.

    For files of which nobody has told a worker: those that an older release took in, and the demonstration's.
    """
    query = (
        select(StoredFile.sha256, StoredFile.id)
        .outerjoin(FilePreview, FilePreview.sha256 == StoredFile.sha256)
        .where(StoredFile.scan_state == ScanState.CLEAN, StoredFile.content_type.in_(KINDS))
        .where(FilePreview.sha256.is_(None), StoredFile.uploaded_by != SYSTEM)
        .order_by(StoredFile.id)
    )
    one_each = {row.sha256: row.id for row in session.execute(query)}
    for file_id in one_each.values():
        outbox.publish(session, "file.cleared", {"file_id": str(file_id)})
    return len(one_each)
