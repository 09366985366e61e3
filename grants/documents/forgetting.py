"""Deleting files that nothing refers to any more: the row in the transaction, the bytes by a worker after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import Base
from grants.documents.models import FilePreview, StoredFile
from grants.documents.store import current_store

AT_WORK = timedelta(hours=1)  # bytes that came so lately may belong to an upload whose row is still being written


def forget_files(session: Session, file_ids: Collection[UUID]) -> int:
    """Delete the rows of those files that no table refers to; returns how many.

    For each content that no file has any more, its preview is forgotten too, and ``file.forgotten`` is published, on
    which a worker removes the bytes.
    """
    query = select(StoredFile).where(StoredFile.id.in_(file_ids), *_unreferred()).with_for_update()
    files = session.scalars(query).all() if file_ids else ()
    for sha256 in sorted({file.sha256 for file in files}):
        gone = [file.id for file in files if file.sha256 == sha256]
        session.execute(delete(StoredFile).where(StoredFile.id.in_(gone)))
        if not has_content(session, sha256):
            _forget_preview(session, sha256)
            outbox.publish(session, "file.forgotten", {"sha256": sha256})
    return len(files)


def _forget_preview(session: Session, sha256: str) -> None:
    preview = session.get(FilePreview, sha256)
    if preview is not None:
        session.delete(preview)
        session.flush()
        forget_files(session, [preview.file_id])


def has_content(session: Session, sha256: str) -> bool:
    """Whether any file has this content."""
    return bool(session.scalar(select(exists().where(StoredFile.sha256 == sha256))))


def remove_bytes(sha256: str, *, now: datetime) -> bool:
    """Remove the bytes of a content that no file has; False where they came too lately to be sure of that."""
    return current_store().remove(sha256, kept_before=now - AT_WORK)


def _unreferred() -> Sequence[ColumnElement[bool]]:
    """One condition for each column, of whatever stage, that refers to a file."""
    file = StoredFile.__table__
    keys = (key for table in Base.metadata.sorted_tables for key in table.foreign_keys)
    columns = (key.parent for key in keys if key.column.table is file)
    return [~exists().where(column == file.c.id).correlate(file) for column in columns]
