"""Reading imported snapshots and their records. A staged snapshot does not exist for anybody here but its import."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError
from grants.registers.models import RegisterRecord, RegisterSnapshot

STREAM = 5_000


def _newest() -> Select[UUID]:
    """The ids of the newest snapshot of each of ``:registers`` as of ``:by`` or earlier."""
    age = func.row_number().over(
        partition_by=RegisterSnapshot.register,
        order_by=(RegisterSnapshot.asof_on.desc(), RegisterSnapshot.imported_at.desc(), RegisterSnapshot.id.desc()),
    )
    ranked = (
        select(RegisterSnapshot.id, age.label("age"))
        .where(RegisterSnapshot.register.in_(bindparam("registers", expanding=True)))
        .where(RegisterSnapshot.asof_on <= bindparam("by"), RegisterSnapshot.staged.is_(False))
        .subquery()
    )
    return select(ranked.c.id).where(ranked.c.age == 1)


def _told() -> Select[Any]:
    snapshots, records = RegisterSnapshot.__table__.c, RegisterRecord.__table__.c
    own = (records.snapshot_id == snapshots.id) & (records.uscc == bindparam("uscc"))
    return (
        select(snapshots.register, snapshots.source, snapshots.asof_on, snapshots.id, records.record)
        .select_from(RegisterSnapshot.__table__.outerjoin(RegisterRecord.__table__, own))
        .where(snapshots.id.in_(_NEWEST))
        .order_by(snapshots.register, records.id)
    )


_NEWEST = _newest()
_TOLD = _told()  # every check asks it


def list_newest_snapshots(session: Session, registers: Collection[str], *, by: date) -> Sequence[RegisterSnapshot]:
    """The newest snapshot of each of ``registers`` that has one as of ``by`` or earlier."""
    given = {"registers": sorted(registers), "by": by}
    return session.scalars(
        select(RegisterSnapshot).where(RegisterSnapshot.id.in_(_NEWEST)).order_by(RegisterSnapshot.register), given
    ).all()


def find_newest_snapshot(session: Session, register: str, *, by: date) -> RegisterSnapshot | None:
    """The snapshot of a register in force on a day."""
    found = list_newest_snapshots(session, [register], by=by)
    return found[0] if found else None


def list_told(session: Session, registers: Collection[str], uscc: str, *, by: date) -> Sequence[Any]:
    """What the newest snapshots of ``registers`` say about one credit code, in the order of the import, in one query:
    register, source, as-of day and id of the snapshot, and a record; None where the snapshot has none."""
    return session.connection().execute(_TOLD, {"registers": sorted(registers), "by": by, "uscc": uscc.upper()}).all()


def stream_entries(session: Session, snapshot_id: UUID) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record of a snapshot with its code, a few thousand in memory at a time."""
    query = select(RegisterRecord.uscc, RegisterRecord.record).where(RegisterRecord.snapshot_id == snapshot_id)
    for row in session.execute(query.execution_options(yield_per=STREAM)):
        yield row.uscc, row.record


def records_by_code(session: Session, snapshot_id: UUID, codes: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What a snapshot says about a few codes."""
    query = (
        select(RegisterRecord.uscc, RegisterRecord.record)
        .where(RegisterRecord.snapshot_id == snapshot_id, RegisterRecord.uscc.in_(sorted(codes)))
        .order_by(RegisterRecord.id)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for uscc, record in session.execute(query):
        found.setdefault(uscc, []).append(record)
    return found


def page_of_snapshots(
    session: Session, register: str, *, after: str | None = None, before: str | None = None, limit: int = 25
) -> Page[RegisterSnapshot]:
    """The snapshots of a register, the newest first: all of them are kept."""
    query = select(RegisterSnapshot).where(RegisterSnapshot.register == register, RegisterSnapshot.staged.is_(False))
    key = (RegisterSnapshot.asof_on, RegisterSnapshot.imported_at, RegisterSnapshot.id)
    return paginate(session, query, key=key, after=after, before=before, limit=limit, descending=True)


def get_snapshot(session: Session, snapshot_id: UUID) -> RegisterSnapshot:
    """A snapshot that was taken; raises NotFoundError."""
    found = session.get(RegisterSnapshot, snapshot_id)
    if found is None or found.staged:
        raise NotFoundError(snapshot=str(snapshot_id))
    return found


def page_of_records(
    session: Session,
    snapshot: RegisterSnapshot,
    *,
    uscc: str = "",
    after: str | None = None,
    before: str | None = None,
    limit: int = 25,
) -> Page[RegisterRecord]:
    """The records of a snapshot in the order of the import; of one code where it is given."""
    query = select(RegisterRecord).where(RegisterRecord.snapshot_id == snapshot.id)
    if uscc:
        query = query.where(RegisterRecord.uscc == uscc.upper())
    return paginate(session, query, key=(RegisterRecord.id,), after=after, before=before, limit=limit)
