"""An administrator's upload on its way to a snapshot: received, mapped, judged, looked at, taken or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit, documents, outbox
from grants.db import lock_one
from grants.kernel.actor import SYSTEM, Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import InvalidError
from grants.registers import policies, queries
from grants.registers.domain import REGISTERS, USCC, guess_mapping
from grants.registers.errors import UnknownRegisterError
from grants.registers.models import RegisterImport
from grants.registers.services.directory import adapter_of
from grants.registers.services.staging import drop_staged
from grants.registers.states import IMPORT, Adapter, ImportState

ABANDONED_AFTER = timedelta(days=14)
LOST_AFTER = timedelta(days=1)
MAX_SOURCE = 120


def start_import(
    session: Session,
    register: str,
    *,
    received: documents.Received,
    source: str,
    asof_on: date,
    actor: Actor,
    now: datetime,
) -> RegisterImport:
    """Take an uploaded table in; a worker reads it.

    Effects: the file's row, the import, the audit entry ``register.import_uploaded``, ``register_import.received``.

    Raises:
        ForbiddenError: only administrators may.
        UnknownRegisterError, InvalidError: no such register, it is asked by HTTP, the day is still to come, the source
            has no name.
    """
    policies.may_import(actor).require()
    require_importable(register, source=source, asof_on=asof_on, now=now)
    file = documents.add_file(session, received, by=actor.person_id or actor.label, now=now)
    upload = RegisterImport(
        register=register,
        state=ImportState.RECEIVED,
        source=source.strip(),
        asof_on=asof_on,
        file_id=file.id,
        file_name=received.name,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )
    session.add(upload)
    session.flush()
    detail = {"register": register, "asof_on": asof_on, "sha256": received.sha256}
    audit.record(session, actor, "register.import_uploaded", _subject(upload), at=now, detail=detail)
    outbox.publish(session, "register_import.received", {"import_id": str(upload.id)})
    return upload


def require_importable(register: str, *, source: str, asof_on: date, now: datetime) -> None:
    """Raises UnknownRegisterError or InvalidError where a table of this register cannot be taken."""
    if register not in REGISTERS:
        raise UnknownRegisterError(register)
    if adapter_of(register) is Adapter.ASKED:
        raise InvalidError("register_is_asked")
    if asof_on > local_date(now):
        raise InvalidError("register_import_future")
    if not 0 < len(source.strip()) <= MAX_SOURCE:
        raise InvalidError("register_import_source", limit=MAX_SOURCE)


def note_headings(
    session: Session, import_id: UUID, headings: Sequence[str], samples: Sequence[Sequence[str]], *, now: datetime
) -> None:
    """Note what the file begins with. Where every column has been found it goes on to be judged; else it is asked."""
    upload = queries.lock_import(session, import_id)
    if upload.state is not ImportState.RECEIVED:
        return
    register = REGISTERS[upload.register]
    upload.headings, upload.samples = list(headings), [list(cells) for cells in samples]
    upload.mapping = guess_mapping(register, headings, queries.remembered_headings(session, upload.register))
    if upload.mapping.keys() == {USCC, *register.columns}:
        _send_to_judging(session, upload)
    else:
        upload.state = IMPORT.next(upload.state, "ask_mapping")


def fail_import(session: Session, import_id: UUID, code: str) -> None:
    """Say that the file cannot be read, and why; nothing happens to one that has gone on meanwhile."""
    upload = queries.lock_import(session, import_id)
    if IMPORT.allows(upload.state, "fail"):
        upload.state, upload.error = IMPORT.next(upload.state, "fail"), code[:64]


def map_import(session: Session, upload: RegisterImport, mapping: Mapping[str, int], *, actor: Actor) -> None:
    """Say which heading fills which column, and have it judged (again).

    Raises ForbiddenError, or InvalidError where the code has no heading, or one heading fills two columns.
    """
    upload = queries.lock_import(session, upload.id)
    policies.may_map(actor, upload).require()
    places = list(mapping.values())
    if USCC not in mapping:
        raise InvalidError("register_mapping_without_code")
    if len(set(places)) < len(places):
        raise InvalidError("register_mapping_twice")
    known = {USCC, *REGISTERS[upload.register].columns}
    if not mapping.keys() <= known or not all(0 <= place < len(upload.headings) for place in places):
        raise InvalidError("register_mapping_unknown")
    upload.mapping = dict(mapping)
    _send_to_judging(session, upload)


def compare_again(session: Session, upload: RegisterImport, *, actor: Actor) -> None:
    """Have the difference worked out anew: another snapshot has been taken meanwhile. Raises ForbiddenError."""
    upload = queries.lock_import(session, upload.id)
    policies.may_map(actor, upload).require()
    _send_to_judging(session, upload)


def take_import(session: Session, upload: RegisterImport, *, confirmed: bool, actor: Actor, now: datetime) -> None:
    """Let the staged snapshot count from now on; former ones stay.

    Effects: the snapshot, the import, the audit entry ``register.imported``. Two that are taken at once wait for each
    other: the second one's difference no longer holds.

    Raises:
        ForbiddenError: not by this actor, or not in this state.
        InvalidError: another snapshot is in force than the one compared with; or much would go, and that was not
            ``confirmed``.
    """
    lock_one(session, f"register:{upload.register}")
    upload = queries.lock_import(session, upload.id)
    policies.may_take(actor, upload).require()
    require_importable(upload.register, source=upload.source, asof_on=upload.asof_on, now=now)
    in_force = queries.find_newest_snapshot(session, upload.register, by=upload.asof_on)
    if (in_force.id if in_force else None) != upload.compared_with:
        raise InvalidError("register_import_outdated")
    if upload.difference.get("notable") and not confirmed:
        raise InvalidError("register_import_unconfirmed")
    snapshot = queries.staged_snapshot(session, upload)
    snapshot.staged, snapshot.imported_at = False, now
    _end(upload, "take", actor=actor, now=now)
    detail = {
        "register": upload.register,
        "source": upload.source,
        "asof_on": upload.asof_on,
        "records": upload.records,
        **{kind: upload.difference.get(kind, 0) for kind in ("added", "removed", "changed")},
    }
    audit.record(session, actor, "register.imported", ("register_snapshot", snapshot.id), at=now, detail=detail)


def discard_import(session: Session, upload: RegisterImport, *, actor: Actor, now: datetime) -> None:
    """Give an upload up; its staged records go. Raises ForbiddenError."""
    upload = queries.lock_import(session, upload.id)
    policies.may_discard(actor, upload).require()
    _discard(session, upload, actor=actor, now=now)


def sweep_imports(session: Session, *, now: datetime, limit: int = 20) -> None:
    """Give up what nobody decided about for fourteen days, and drop what a lost worker left. For a sweep."""
    for upload in queries.list_abandoned(session, before=now - ABANDONED_AFTER, limit=limit):
        _discard(session, queries.lock_import(session, upload.id), actor=SYSTEM, now=now)
    for snapshot in queries.list_lost_snapshots(session, before=now - LOST_AFTER, limit=limit):
        drop_staged(session, snapshot.id)


def _discard(session: Session, upload: RegisterImport, *, actor: Actor, now: datetime) -> None:
    staged, upload.snapshot_id = upload.snapshot_id, None
    _end(upload, "discard", actor=actor, now=now)
    session.flush()
    if staged is not None:
        drop_staged(session, staged)
    audit.record(session, actor, "register.import_discarded", _subject(upload), at=now)


def _send_to_judging(session: Session, upload: RegisterImport) -> None:
    upload.state = IMPORT.next(upload.state, "map")
    upload.number += 1
    upload.faults, upload.fault_count, upload.difference = [], 0, {}
    payload = {"import_id": str(upload.id), "number": str(upload.number)}
    outbox.publish(session, "register_import.mapped", payload)


def _end(upload: RegisterImport, event: str, *, actor: Actor, now: datetime) -> None:
    upload.state = IMPORT.next(upload.state, event)
    upload.decided_by, upload.decided_at = actor.person_id, now


def _subject(upload: RegisterImport) -> tuple[str, UUID]:
    return ("register_import", upload.id)
