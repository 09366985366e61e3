"""Sealing what was recorded, and proving that nothing was altered, removed or inserted since."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.audit.log import current_key, sign_entry
from grants.audit.models import AuditEntry, AuditSubject
from grants.db import lock_one

GENESIS = "0" * 64
COLUMNS = ("subject_kind", "subject_key", "subject_no", "kind", "actor", "at", "detail")


@dataclass(frozen=True, slots=True)
class AuditReport:
    """``broken_at`` says in words what does not match; None when the whole log holds."""

    entries: int
    head_seq: int
    head_hash: str
    broken_at: str | None = None


def head(session: Session) -> tuple[int, str]:
    """Sequence number and hash of the last sealed entry; (0, 64 zeros) for an empty log."""
    row = session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.seq.is_not(None))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def seal_pending(session: Session, *, limit: int = 1_000) -> int:
    """Give unsealed entries their gapless number and hash, in order of id; returns how many.

    One sealer at a time. It looks for ``seq IS NULL`` rather than keeping a high-water mark: ids are not the order of
    commits.
    """
    lock_one(session, "audit-sealer")
    pending = session.execute(
        select(AuditEntry.id, AuditEntry.mac).where(AuditEntry.seq.is_(None)).order_by(AuditEntry.id).limit(limit)
    ).all()
    if not pending:
        return 0
    seq, previous = head(session)
    key = current_key()
    seals = []
    for entry_id, mac in pending:
        seq += 1
        previous = key.sign(previous.encode(), mac.encode(), str(seq).encode())
        seals.append({"id": entry_id, "seq": seq, "hash": previous})
    session.execute(update(AuditEntry), seals)
    return len(pending)


def oldest_unsealed_at(session: Session) -> datetime | None:
    """The instant of the oldest entry that waits for its seal."""
    return session.scalar(select(AuditEntry.at).where(AuditEntry.seq.is_(None)).order_by(AuditEntry.id).limit(1))


def verify(session: Session) -> AuditReport:
    """Recompute every mac, the chain of hashes and the numbers per subject, reading in batches.

    Finds an altered row (mac), a removed or inserted one (gap in seq, hash, subject_no), and entries cut from the end
    of a subject (its counter). Unsealed entries are checked too, but have no place in the chain yet: seal first.
    """
    key, seq, previous, entries = current_key(), 0, GENESIS, 0
    counted: Counter[tuple[str, str]] = Counter()
    query = select(AuditEntry).order_by(AuditEntry.seq.is_(None), AuditEntry.seq, AuditEntry.id)
    for entry in session.scalars(query.execution_options(yield_per=2_000)):
        entries += 1
        counted[entry.subject_kind, entry.subject_key] += 1
        if entry.mac != sign_entry(key, {column: getattr(entry, column) for column in COLUMNS}):
            return AuditReport(entries, seq, previous, f"entry {entry.id}: its content was altered")
        if entry.seq is not None:
            seq += 1
            previous = key.sign(previous.encode(), entry.mac.encode(), str(seq).encode())
            if (entry.seq, entry.hash) != (seq, previous):
                return AuditReport(entries, seq, previous, f"seal {seq}: an entry was removed, inserted or moved")
    return AuditReport(entries, seq, previous, _missing_entries(session, counted))


def _missing_entries(session: Session, counted: Counter[tuple[str, str]]) -> str | None:
    expected = {(row.kind, row.key): row.entries for row in session.scalars(select(AuditSubject))}
    for subject in sorted(expected.keys() | counted.keys()):
        written, found = expected.get(subject, 0), counted[subject]
        if written != found:
            return f"{subject[0]} {subject[1]}: {written} entries were written, {found} are there"
    return None
