"""What is known of a stored file: who may open it, settling a scan, starting one again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants import outbox
from grants.documents.models import StoredFile
from grants.documents.states import MAY_NOT_OPEN, SCAN, ScanState
from grants.kernel.errors import NotFoundError
from grants.kernel.verdict import ALLOWED, Verdict, refused

NOTE_LENGTH = 200
AGAIN_AT_ONCE = 500  # files whose scan one press of the button starts again
EVENTS = {ScanState.CLEAN: "pass", ScanState.INFECTED: "find", ScanState.FAILED: "give_up"}


class Scannable(Protocol):
    """A stored file, or a line of a draft that speaks of one."""

    @property
    def scan_state(self) -> ScanState: ...


@dataclass(frozen=True, slots=True)
class Unscanned:
    """A file that has to be scanned, free of the database."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What became of a scan: clean, infected or failed, and what the scanner said."""

    state: ScanState
    note: str = ""


def may_open(file: Scannable) -> Verdict:
    """Whether anybody may open the file at all; the reason is a code of REFUSALS. Access is the owner's question."""
    reason = MAY_NOT_OPEN.get(file.scan_state)
    return refused(reason) if reason else ALLOWED


def find_unscanned(session: Session, file_id: UUID) -> Unscanned | None:
    """What is to be scanned, None when that is settled; raises NotFoundError."""
    file = session.get(StoredFile, file_id)
    if file is None:
        raise NotFoundError(file=str(file_id))
    return Unscanned(file.sha256, file.name) if file.scan_state in SCAN.sources("pass") else None


def settle_scan(session: Session, file_id: UUID, result: ScanResult, *, now: datetime) -> StoredFile | None:
    """Note the outcome on the locked row. Returns the file when this changed its state, None when it was settled.

    Publishes ``file.cleared`` for a clean one. Where a content is found infected, its other files, clean by what was
    known then, are shut and scanned again.
    """
    file = session.scalars(select(StoredFile).where(StoredFile.id == file_id).with_for_update()).one_or_none()
    event = EVENTS[result.state]
    if file is None or not SCAN.allows(file.scan_state, event):
        return None
    file.scan_state = SCAN.next(file.scan_state, event)
    file.scanned_at, file.scan_note = now, result.note[:NOTE_LENGTH]
    if file.scan_state is ScanState.CLEAN:
        outbox.publish(session, "file.cleared", {"file_id": str(file.id)})
    elif file.scan_state is ScanState.INFECTED:
        _doubt(session, file.sha256)
    return file


def count_scans(session: Session) -> Mapping[ScanState, int]:
    """Stored files by state: one walk over an index. States without a file are left out."""
    counted = session.execute(select(StoredFile.scan_state, func.count()).group_by(StoredFile.scan_state))
    return {row.scan_state: row[1] for row in counted}


def oldest_unscanned_at(session: Session) -> datetime | None:
    """Since when the file that waits longest has waited."""
    pending = select(func.min(StoredFile.uploaded_at)).where(StoredFile.scan_state == ScanState.PENDING)
    return session.scalar(pending)


def scan_again(session: Session) -> int:
    """Have the scans that failed repeated, the oldest first, up to AGAIN_AT_ONCE; returns how many."""
    failed = (
        select(StoredFile)
        .where(StoredFile.scan_state == ScanState.FAILED)
        .order_by(StoredFile.uploaded_at, StoredFile.id)
        .limit(AGAIN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    files = session.scalars(failed).all()
    for file in files:
        _start_again(session, file, "try_again")
    session.flush()
    return len(files)


def _doubt(session: Session, sha256: str) -> None:
    clean = select(StoredFile).where(StoredFile.sha256 == sha256, StoredFile.scan_state == ScanState.CLEAN)
    for file in session.scalars(clean.order_by(StoredFile.id).with_for_update()):
        _start_again(session, file, "doubt")
    session.flush()


def _start_again(session: Session, file: StoredFile, event: str) -> None:
    file.scan_state, file.scanned_at = SCAN.next(file.scan_state, event), None
    outbox.publish(session, "file.received", {"file_id": str(file.id)})
