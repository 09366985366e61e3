"""Sealing what was recorded, and proving that nothing was altered, removed or inserted since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from grants.audit.log import known_keys, sign_entry
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
    commits. An entry is sealed by the key it was made under; where this process does not know that, it waits.
    """
    lock_one(session, "audit-sealer")
    keys = known_keys()
    pending = session.execute(
        select(AuditEntry.id, AuditEntry.key_id, AuditEntry.mac)
        .where(AuditEntry.seq.is_(None), AuditEntry.key_id.in_(keys))
        .order_by(AuditEntry.id)
        .limit(limit)
    ).all()
    if not pending:
        return 0
    seq, previous = head(session)
    seals = []
    for entry_id, key_id, mac in pending:
        seq += 1
        previous = keys[key_id].sign(previous.encode(), mac.encode(), str(seq).encode())
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
    Others may record meanwhile: every statement is right by itself, and none is compared with another.
    """
    query = select(AuditEntry).order_by(AuditEntry.seq.is_(None), AuditEntry.seq, AuditEntry.id)
    with session.scalars(query.execution_options(yield_per=2_000)) as entries:
        report = _walk(entries)
    return replace(report, broken_at=report.broken_at or _missing_entries(session))


def _walk(log: Iterable[AuditEntry]) -> AuditReport:
    """Recompute what each entry tells of itself and of its predecessor; ends at the first that does not match."""
    keys, seq, previous, entries = known_keys(), 0, GENESIS, 0
    for entry in log:
        entries += 1
        key = keys.get(entry.key_id)
        if key is None:
            return AuditReport(entries, seq, previous, f"entry {entry.id}: its key {entry.key_id} is not known here")
        if entry.mac != sign_entry(key, {column: getattr(entry, column) for column in COLUMNS}):
            return AuditReport(entries, seq, previous, f"entry {entry.id}: its content was altered")
        if entry.seq is not None:
            seq += 1
            previous = key.sign(previous.encode(), entry.mac.encode(), str(seq).encode())
            if (entry.seq, entry.hash) != (seq, previous):
                return AuditReport(entries, seq, previous, f"seal {seq}: an entry was removed, inserted or moved")
    return AuditReport(entries, seq, previous)


def _missing_entries(session: Session) -> str | None:
    """The first subject whose counter, number of entries and last number are not the same figure."""
    there = (
        select(
            AuditEntry.subject_kind.label("kind"),
            AuditEntry.subject_key.label("key"),
            func.count().label("found"),
            func.max(AuditEntry.subject_no).label("last"),
        )
        .group_by(AuditEntry.subject_kind, AuditEntry.subject_key)
        .subquery()
    )
    same = and_(AuditSubject.kind == there.c.kind, AuditSubject.key == there.c.key)
    written, found = func.coalesce(AuditSubject.entries, 0), func.coalesce(there.c.found, 0)
    differs = or_(written != found, written != func.coalesce(there.c.last, 0))
    uneven = select(AuditSubject.kind, AuditSubject.key, written, found).outerjoin(there, same).where(differs)
    uncounted = select(there.c.kind, there.c.key, written, found).outerjoin(AuditSubject, same).where(differs)
    for query in (uneven, uncounted):
        row = session.execute(query.order_by("kind", "key").limit(1)).first()
        if row is not None:
            return f"{row[0]} {row[1]}: {row[2]} entries were written, {row[3]} are there"
    return None
