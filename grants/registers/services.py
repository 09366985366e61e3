"""The one port to evidence from outside: what the registers say of an enterprise, and the import of a snapshot.

This issue's registers are imported tables, so reading them is a query. A register that is asked over a network will be
asked here too, before any transaction is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from grants import audit
from grants.db import uuid7
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.registers import queries
from grants.registers.domain import REGISTERS, Register, find_faults, readable
from grants.registers.errors import MalformedRecordsError, UnknownRegisterError
from grants.registers.models import RegisterRecord, RegisterSnapshot

BATCH = 5_000
Evidence = dict[str, dict[str, Any] | None]


def collect(session: Session, uscc: str, *, registers: frozenset[str], authorised: bool, now: datetime) -> Evidence:
    """What the newest snapshot of each register says of ``uscc``, in the JSON form of a case's evidence.

    A register without a snapshot is ``None``, that is unknown, and so is a code that the business register does not
    have. Of a register of rows no rows are a finding. The credit and penalty registers are left out altogether unless
    the enterprise has authorised the query (decision 12). ``now`` is the moment of reading: a snapshot as of a later
    day is not taken.
    """
    wanted = readable(registers, authorised=authorised)
    snapshots = {
        snapshot.register: snapshot for snapshot in queries.list_newest_snapshots(session, wanted, by=local_date(now))
    }
    found: dict[Any, list[Mapping[str, Any]]] = {snapshot.id: [] for snapshot in snapshots.values()}
    for record in queries.list_records(session, list(found), uscc) if found else ():
        found[record.snapshot_id].append(record.record)
    evidence: Evidence = {}
    for key in sorted(wanted):
        snapshot = snapshots.get(key)
        evidence[key] = _evidence(REGISTERS[key], snapshot, found[snapshot.id]) if snapshot else None
    return evidence


def _evidence(
    register: Register, snapshot: RegisterSnapshot, records: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    head = {"source": snapshot.source, "asof": snapshot.asof_on.isoformat()}
    if not register.single:
        return {**head, "rows": [dict(record) for record in records]}
    return {**head, "record": dict(records[0])} if records else None


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
    rows = [{"snapshot_id": snapshot.id, "uscc": uscc.upper(), "record": dict(record)} for uscc, record in given]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(RegisterRecord), rows[start : start + BATCH])
    detail = {"register": register, "source": source, "asof_on": asof_on, "records": len(given)}
    audit.record(session, actor, "register.imported", ("register_snapshot", snapshot.id), at=now, detail=detail)
    return snapshot
