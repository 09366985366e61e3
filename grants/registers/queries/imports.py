"""Reading uploads on their way to a snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from grants.kernel.errors import NotFoundError
from grants.registers.models import RegisterImport, RegisterSnapshot
from grants.registers.states import ENDED, ImportState

SHOWN = 20


def get_import(session: Session, import_id: UUID) -> RegisterImport:
    """An upload; raises NotFoundError."""
    found = session.get(RegisterImport, import_id)
    if found is None:
        raise NotFoundError(register_import=str(import_id))
    return found


def lock_import(session: Session, import_id: UUID) -> RegisterImport:
    """An upload, held until the transaction ends; raises NotFoundError."""
    query = select(RegisterImport).where(RegisterImport.id == import_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError(register_import=str(import_id))
    return found


def staged_snapshot(session: Session, upload: RegisterImport) -> RegisterSnapshot:
    """The snapshot that an upload has been staged as; raises NotFoundError where it has not."""
    found = session.get(RegisterSnapshot, upload.snapshot_id) if upload.snapshot_id else None
    if found is None:
        raise NotFoundError(register_import=str(upload.id))
    return found


def list_open_imports(session: Session, register: str | None = None) -> Sequence[RegisterImport]:
    """Uploads that are neither taken nor discarded, the latest first; at most SHOWN."""
    query = (
        select(RegisterImport)
        .where(RegisterImport.state.not_in(ENDED))
        .options(selectinload(RegisterImport.uploader), defer(RegisterImport.faults))
        .order_by(RegisterImport.uploaded_at.desc(), RegisterImport.id.desc())
        .limit(SHOWN)
    )
    if register is not None:
        query = query.where(RegisterImport.register == register)
    return session.scalars(query).all()


def imports_of(session: Session, snapshots: Sequence[RegisterSnapshot]) -> dict[UUID, RegisterImport]:
    """The upload that each of these snapshots came of; none where a command or the demonstration made it."""
    query = (
        select(RegisterImport)
        .where(RegisterImport.snapshot_id.in_([snapshot.id for snapshot in snapshots]))
        .where(RegisterImport.state == ImportState.TAKEN)
        .options(selectinload(RegisterImport.decider))
    )
    return {one.snapshot_id: one for one in session.scalars(query) if one.snapshot_id} if snapshots else {}


def remembered_headings(session: Session, register: str) -> dict[str, str]:
    """Which heading filled which column in the import of this register that was taken last."""
    query = (
        select(RegisterImport)
        .where(RegisterImport.register == register, RegisterImport.state == ImportState.TAKEN)
        .order_by(RegisterImport.uploaded_at.desc(), RegisterImport.id.desc())
        .limit(1)
    )
    last = session.scalars(query).one_or_none()
    return {column: last.headings[place] for column, place in last.mapping.items()} if last else {}


def list_abandoned(session: Session, *, before: datetime, limit: int) -> Sequence[RegisterImport]:
    """Uploads that nobody has decided about since then."""
    query = (
        select(RegisterImport)
        .where(RegisterImport.state.not_in(ENDED), RegisterImport.uploaded_at < before)
        .order_by(RegisterImport.uploaded_at, RegisterImport.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def list_lost_snapshots(session: Session, *, before: datetime, limit: int) -> Sequence[RegisterSnapshot]:
    """Staged snapshots that belong to no upload any more: a worker was lost while it wrote them."""
    held = select(RegisterImport.id).where(RegisterImport.snapshot_id == RegisterSnapshot.id).exists()
    query = (
        select(RegisterSnapshot)
        .where(RegisterSnapshot.staged.is_(True), RegisterSnapshot.imported_at < before, ~held)
        .order_by(RegisterSnapshot.id)
        .limit(limit)
    )
    return session.scalars(query).all()
