"""Reading the newest snapshot of each register."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.registers.models import RegisterRecord, RegisterSnapshot


def list_newest_snapshots(session: Session, registers: Collection[str], *, by: date) -> Sequence[RegisterSnapshot]:
    """The newest snapshot of each of ``registers`` that has one as of ``by`` or earlier."""
    age = func.row_number().over(
        partition_by=RegisterSnapshot.register,
        order_by=(RegisterSnapshot.asof_on.desc(), RegisterSnapshot.imported_at.desc(), RegisterSnapshot.id.desc()),
    )
    ranked = (
        select(RegisterSnapshot.id, age.label("age"))
        .where(RegisterSnapshot.register.in_(sorted(registers)), RegisterSnapshot.asof_on <= by)
        .subquery()
    )
    newest = select(ranked.c.id).where(ranked.c.age == 1)
    return session.scalars(
        select(RegisterSnapshot).where(RegisterSnapshot.id.in_(newest)).order_by(RegisterSnapshot.register)
    ).all()


def list_records(session: Session, snapshot_ids: Collection[UUID], uscc: str) -> Sequence[RegisterRecord]:
    """What these snapshots say about one credit code, in the order of the import."""
    query = (
        select(RegisterRecord)
        .where(RegisterRecord.snapshot_id.in_(snapshot_ids), RegisterRecord.uscc == uscc.upper())
        .order_by(RegisterRecord.id)
    )
    return session.scalars(query).all()
