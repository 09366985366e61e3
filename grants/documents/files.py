"""Taking files in and giving them out.

``receive_upload`` works on files alone and belongs outside any transaction; ``add_file`` adds the row. Whoever has a
transaction open anyway may use ``store_upload``, which does both.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from grants import outbox
from grants.documents.errors import RefusedFileError
from grants.documents.models import StoredFile
from grants.documents.names import clean_name
from grants.documents.proof import prove
from grants.documents.scans import may_open
from grants.documents.states import ScanState
from grants.documents.store import Arrival, Readable, TooLargeError, arriving, current_store

BYTES_PER_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has been proved and kept; it has no row yet. What the system itself has made is clean at once."""

    sha256: str
    name: str
    content_type: str
    size_bytes: int
    pages: int | None
    scan_state: ScanState = ScanState.PENDING


def receive_upload(
    stream: Readable, *, name: str, accept: Collection[str], max_bytes: int, max_pages: int | None = None
) -> Received:
    """Stream a file in, prove its type, keep its bytes by their SHA-256. No database.

    Of a picture a copy is kept that has its pixels and nothing else; fingerprint and size are those of the copy.

    Args:
        name: as the person named it.
        accept: kinds taken here: pdf, jpg, png, xlsx.
        max_bytes: bound of the size; more is refused while it arrives.
        max_pages: bound of the pages of a PDF; None is without bound.

    Raises:
        RefusedFileError: nothing has been kept; the code says why.
    """
    shown = clean_name(name)
    try:
        with arriving(stream, max_bytes=max_bytes) as arrival:
            if arrival.size_bytes == 0:
                raise RefusedFileError("file_empty")
            with tempfile.TemporaryDirectory(prefix="grants-clean-") as folder:
                clean = Path(folder) / "clean"
                proof = prove(arrival.path, name=shown, accept=accept, max_pages=max_pages, clean=clean)
                kept = _keep_clean(arrival, clean)
    except TooLargeError as error:
        raise RefusedFileError("file_too_large", limit_mb=max_bytes // BYTES_PER_MB) from error
    return Received(kept.sha256, shown, proof.content_type, kept.size_bytes, proof.pages)


def _keep_clean(arrival: Arrival, clean: Path) -> Arrival:
    """Keep what was written anew, where there is such a copy, in place of what arrived."""
    if not clean.exists():
        current_store().keep(arrival)
        return arrival
    with clean.open("rb") as stream, arriving(stream, max_bytes=clean.stat().st_size) as better:
        current_store().keep(better)
    return better


def add_file(session: Session, received: Received, *, by: UUID | str, now: datetime) -> StoredFile:
    """Add the row of a received file to the caller's transaction; ``by`` is a person's id or ``system``.

    Publishes ``file.received`` where a worker has to scan it; until then nobody can open it.
    """
    file = StoredFile(
        sha256=received.sha256,
        name=received.name,
        content_type=received.content_type,
        size_bytes=received.size_bytes,
        pages=received.pages,
        uploaded_by=str(by),
        uploaded_at=now,
        scan_state=received.scan_state,
        scanned_at=None if received.scan_state is ScanState.PENDING else now,
    )
    session.add(file)
    session.flush()
    if file.scan_state is ScanState.PENDING:
        outbox.publish(session, "file.received", {"file_id": str(file.id)})
    return file


def store_upload(
    session: Session,
    stream: Readable,
    *,
    name: str,
    accept: Collection[str],
    max_bytes: int,
    max_pages: int | None = None,
    by: UUID | str,
    now: datetime,
) -> StoredFile:
    """``receive_upload`` and ``add_file`` in one; raises RefusedFileError, having kept nothing."""
    received = receive_upload(stream, name=name, accept=accept, max_bytes=max_bytes, max_pages=max_pages)
    return add_file(session, received, by=by, now=now)


def keep_bytes(content: bytes, *, name: str, content_type: str, pages: int | None = None) -> Received:
    """Keep what the system itself has made, for instance an issued PDF. No database, no proof of type."""
    with arriving(io.BytesIO(content), max_bytes=len(content)) as arrival:
        current_store().keep(arrival)
    return Received(arrival.sha256, clean_name(name), content_type, arrival.size_bytes, pages, ScanState.CLEAN)


def put_bytes(
    session: Session, content: bytes, *, name: str, content_type: str, by: UUID | str, now: datetime
) -> StoredFile:
    """``keep_bytes`` and ``add_file`` in one."""
    return add_file(session, keep_bytes(content, name=name, content_type=content_type), by=by, now=now)


def open_file(file: StoredFile) -> BinaryIO:
    """The bytes of a stored file, to be closed by the caller.

    Raises:
        RefusedFileError: ``file_not_scanned_yet``, ``file_infected``, ``file_scan_failed``: it is not known to be
            clean; ``file_gone``: the store does not have its bytes.
    """
    verdict = may_open(file)
    if not verdict:
        raise RefusedFileError(verdict.reason)
    return open_bytes(file.sha256)


def open_bytes(sha256: str) -> BinaryIO:
    """The kept bytes whatever is known of them, for the scanner itself; raises RefusedFileError (``file_gone``)."""
    try:
        return current_store().open(sha256)
    except FileNotFoundError as error:
        raise RefusedFileError("file_gone") from error
