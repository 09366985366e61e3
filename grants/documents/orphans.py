"""Bytes without a row, and rows without bytes: what crashes, restored backups and refused uploads leave behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.documents.forgetting import has_content
from grants.documents.models import StoredFile
from grants.documents.store import Kept, current_store

CERTAIN = timedelta(days=7)  # bytes that no row has had for so long belong to nothing that is still being written
LEFT_LYING = timedelta(days=1)  # an arrival that nobody kept or discarded: its process is gone


@dataclass(frozen=True, slots=True)
class Orphans:
    """``bytes_alone``: contents that no file has. ``rows_alone``: files whose bytes are not there, by fingerprint."""

    bytes_alone: tuple[Kept, ...]
    rows_alone: Mapping[str, int]


def list_contents() -> Mapping[str, Kept]:
    """Everything in the store, by fingerprint; for outside any transaction. About 300 bytes of memory for each."""
    return {kept.sha256: kept for kept in current_store().contents()}


def find_orphans(session: Session, lying: Mapping[str, Kept], *, now: datetime) -> Orphans:
    """Compare what lies in the store with the files that are on record.

    ``lying`` was read before this transaction, ``now`` is the machine's instant then: a file recorded later is left
    out, for its bytes may have come after the list was made.
    """
    counted = select(StoredFile.sha256, func.count(), func.min(StoredFile.uploaded_at)).group_by(StoredFile.sha256)
    on_record = {sha256: (count, since) for sha256, count, since in session.execute(counted)}
    alone = (kept for sha256, kept in lying.items() if sha256 not in on_record)
    missing = {sha256: count for sha256, (count, since) in on_record.items() if sha256 not in lying and since < now}
    return Orphans(tuple(sorted(alone, key=lambda kept: kept.kept_at)), missing)


def certain_ones(orphans: Orphans, *, now: datetime) -> Sequence[Kept]:
    """Of the bytes that no file has, those that lie long enough to be nobody's."""
    return [kept for kept in orphans.bytes_alone if kept.kept_at < now - CERTAIN]


def remove_orphan(session: Session, kept: Kept, *, now: datetime) -> bool:
    """Remove bytes that no file has; False where a file has them now, or they were kept again lately."""
    return not has_content(session, kept.sha256) and current_store().remove(kept.sha256, kept_before=now - CERTAIN)


def forget_left_lying(*, now: datetime) -> int:
    """Remove arrivals that nobody kept or discarded; returns how many."""
    return current_store().forget_arrivals(before=now - LEFT_LYING)
