"""Taking over a table at once: by a command, by the demonstration, by tests. An upload goes by ``uploads``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from grants import audit
from grants.db import uuid7
from grants.kernel.actor import Actor
from grants.registers.domain import REGISTERS, Entry, find_faults
from grants.registers.errors import MalformedRecordsError, UnknownRegisterError
from grants.registers.models import RegisterRecord, RegisterSnapshot

BATCH = 5_000


def import_snapshot(
    session: Session,
    register: str,
    *,
    source: str,
    asof_on: date,
    records: Iterable[tuple[str, Mapping[str, Any]]],
    actor: Actor,
    now: datetime,
) -> RegisterSnapshot:
    """Take over one export of a register: pairs of credit code and record. The former snapshots stay, as history.

    Effects: the snapshot, its records in batches, one audit entry ``register.imported``.

    Raises:
        UnknownRegisterError: there is no such register.
        MalformedRecordsError: with every fault found; nothing has been imported.
    """
    if register not in REGISTERS:
        raise UnknownRegisterError(register)
    given = list(records)
    faults = find_faults(REGISTERS[register], given)
    if faults:
        raise MalformedRecordsError(register, [asdict(fault) for fault in faults])
    snapshot = RegisterSnapshot(
        id=uuid7(), register=register, source=source, asof_on=asof_on, imported_at=now, records=len(given)
    )
    session.add(snapshot)
    session.flush()
    add_records(session, snapshot.id, given)
    detail = {"register": register, "source": source, "asof_on": asof_on, "records": len(given)}
    audit.record(session, actor, "register.imported", ("register_snapshot", snapshot.id), at=now, detail=detail)
    return snapshot


def add_records(session: Session, snapshot_id: UUID, entries: Sequence[Entry]) -> None:
    """Write records of a snapshot, in batches."""
    rows = [{"snapshot_id": snapshot_id, "uscc": uscc.upper(), "record": dict(record)} for uscc, record in entries]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(RegisterRecord), rows[start : start + BATCH])
