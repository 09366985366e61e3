"""What a worker writes of an upload: its faults, or its records where nobody reads them yet and what they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from grants.registers import queries
from grants.registers.domain import Entry, Sheet, compare, difference_json, marks_of
from grants.registers.models import RegisterImport, RegisterRecord, RegisterSnapshot
from grants.registers.states import IMPORT, ImportState


def is_judged(upload: RegisterImport, number: int) -> bool:
    """Whether this mapping of the upload is still to be judged."""
    return upload.state is ImportState.JUDGING and upload.number == number


def note_faults(session: Session, import_id: UUID, number: int, sheet: Sheet) -> None:
    """Note what is wrong with the lines; nothing of them is kept."""
    upload = queries.lock_import(session, import_id)
    if not is_judged(upload, number):
        return
    upload.state = IMPORT.next(upload.state, "find_faults")
    upload.faults, upload.fault_count = [asdict(fault) for fault in sheet.faults], sheet.fault_count
    upload.records = len(sheet.entries)
    _let_go(session, upload)


def begin_staging(session: Session, import_id: UUID, number: int, *, now: datetime) -> UUID | None:
    """Make the snapshot that the records go to; None where this mapping is no longer to be judged.

    Every attempt has one of its own: of two deliveries of a message only the later one's counts.
    """
    upload = queries.lock_import(session, import_id)
    if not is_judged(upload, number):
        return None
    snapshot = RegisterSnapshot(
        register=upload.register,
        source=upload.source,
        asof_on=upload.asof_on,
        imported_at=now,
        records=0,
        staged=True,
    )
    session.add(snapshot)
    session.flush()
    _let_go(session, upload)
    upload.snapshot_id = snapshot.id
    return snapshot.id


def is_staged(session: Session, snapshot_id: UUID) -> bool:
    """Whether a staged snapshot is still there: the upload may have been given up, or judged again."""
    found = session.get(RegisterSnapshot, snapshot_id, with_for_update=True)
    return found is not None and found.staged


def compare_staged(session: Session, import_id: UUID, entries: Sequence[Entry]) -> tuple[UUID | None, dict[str, Any]]:
    """The difference to the snapshot in force on the upload's day, and which that is. Reads only."""
    upload = queries.get_import(session, import_id)
    in_force = queries.find_newest_snapshot(session, upload.register, by=upload.asof_on)
    former = marks_of(queries.stream_entries(session, in_force.id)) if in_force else ({}, 0)
    difference = compare(former, marks_of(entries))
    wanted = frozenset(difference.examples())
    before = queries.records_by_code(session, in_force.id, wanted) if in_force and wanted else {}
    after: dict[str, list[dict[str, Any]]] = {}
    for uscc, record in entries:
        if uscc in wanted:
            after.setdefault(uscc, []).append(dict(record))
    return (in_force.id if in_force else None), difference_json(difference, before, after)


def finish_staging(
    session: Session,
    import_id: UUID,
    snapshot_id: UUID,
    *,
    compared_with: UUID | None,
    difference: dict[str, Any],
    records: int,
) -> None:
    """Let an administrator look at it; a snapshot that is no longer the upload's is dropped instead."""
    upload = queries.lock_import(session, import_id)
    if upload.snapshot_id != snapshot_id or upload.state is not ImportState.JUDGING:
        drop_staged(session, snapshot_id)
        return
    session.get_one(RegisterSnapshot, snapshot_id).records = records
    upload.state = IMPORT.next(upload.state, "stage")
    upload.compared_with, upload.difference, upload.records = compared_with, difference, records


def drop_staged(session: Session, snapshot_id: UUID) -> None:
    """Delete a staged snapshot with its records; one that was taken stays."""
    snapshot = session.get(RegisterSnapshot, snapshot_id)
    if snapshot is None or not snapshot.staged:
        return
    session.execute(delete(RegisterRecord).where(RegisterRecord.snapshot_id == snapshot_id))
    session.delete(snapshot)
    session.flush()


def _let_go(session: Session, upload: RegisterImport) -> None:
    former, upload.snapshot_id = upload.snapshot_id, None
    session.flush()
    if former is not None:
        drop_staged(session, former)
