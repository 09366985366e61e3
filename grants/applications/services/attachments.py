"""Files in the slots of a draft."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit, documents
from grants.applications.domain import slot_of
from grants.applications.models import Application, Attachment
from grants.applications.policies import edit_scope, may_edit
from grants.applications.queries import load_draft, open_correction
from grants.applications.services.answers import hold_application
from grants.db import lock_one
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes.domain import DocumentSlot
from grants.programmes.queries import definition_of


def require_slot(
    session: Session, application: Application, slot_key: str, row: str, *, actor: Actor, now: datetime
) -> DocumentSlot:
    """The slot, when the actor may put a file into it now; asked before a file is taken in, and when it is attached.

    Raises:
        ForbiddenError: the actor may not edit now, or the correction does not open the slot.
        NotFoundError: the definition has no such slot, or its table no such row.
    """
    correction = open_correction(session, application)
    may_edit(actor, application, now=now, correction=correction).require()
    slot = slot_of(definition_of(application.call.definition), slot_key)
    if slot is None or not _fits(session, application, slot, row):
        raise NotFoundError(slot=slot_key)
    if not edit_scope(application, correction).opens_document(slot_key, row):
        raise ForbiddenError("not_in_correction", document=slot_key)
    return slot


def attach_file(
    session: Session,
    application: Application,
    slot_key: str,
    row: str,
    received: documents.Received,
    *,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Put a received file into a slot. In a slot for one file the new one replaces the old; the same twice is one.

    Raises:
        ForbiddenError, NotFoundError: as ``require_slot``.
        InvalidError: ``too_many_files``, the slot is full.
    """
    hold_application(session, application)
    lock_one(session, f"slot:{application.id}:{slot_key}:{row}")  # an empty slot has no row that two could wait for
    slot = require_slot(session, application, slot_key, row, actor=actor, now=now)
    present = _present(session, application, slot_key, row)
    same = next((attachment for attachment in present if attachment.file.sha256 == received.sha256), None)
    if same is not None:
        return same
    if slot.max_files == 1:
        for attachment in present:
            attachment.removed_at = now
    elif len(present) >= slot.max_files:
        raise InvalidError("too_many_files", limit=slot.max_files)
    return _attach(session, application, slot_key, row, received, actor=actor, now=now)


def holds_file(
    session: Session, application: Application, slot_key: str, row: str, received: documents.Received
) -> bool:
    """Whether the slot holds the same content already, whatever its name."""
    query = (
        select(Attachment.id)
        .join(Attachment.file)
        .where(Attachment.application_id == application.id, Attachment.slot_key == slot_key)
        .where(Attachment.row_id == row, Attachment.removed_at.is_(None))
        .where(documents.StoredFile.sha256 == received.sha256)
    )
    return session.scalars(query.limit(1)).first() is not None


def remove_file(
    session: Session, application: Application, attachment: Attachment, *, actor: Actor, now: datetime
) -> None:
    """Take a file out of its slot; the row stays as history. Twice is harmless. Raises as ``require_slot``."""
    hold_application(session, application)
    require_slot(session, application, attachment.slot_key, attachment.row_id, actor=actor, now=now)
    if attachment.removed_at is None:
        attachment.removed_at = now
        _record(session, application, "application.file_removed", attachment, actor=actor, now=now)


def _attach(
    session: Session,
    application: Application,
    slot_key: str,
    row: str,
    received: documents.Received,
    *,
    actor: Actor,
    now: datetime,
) -> Attachment:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    attachment = Attachment(
        application_id=application.id,
        slot_key=slot_key,
        row_id=row,
        file=documents.add_file(session, received, by=actor.person_id, now=now),
        attached_at=now,
        attached_by=actor.person_id,
    )
    session.add(attachment)
    session.flush()
    _record(session, application, "application.file_attached", attachment, actor=actor, now=now)
    return attachment


def _fits(session: Session, application: Application, slot: DocumentSlot, row: str) -> bool:
    if not slot.rows_of:
        return not row
    return load_draft(session, application).has_row(slot.rows_of, row)


def _present(session: Session, application: Application, slot_key: str, row: str) -> list[Attachment]:
    query = (
        select(Attachment)
        .where(Attachment.application_id == application.id, Attachment.slot_key == slot_key)
        .where(Attachment.row_id == row, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
        .with_for_update()
    )
    return list(session.scalars(query))


def _record(
    session: Session, application: Application, kind: str, attachment: Attachment, *, actor: Actor, now: datetime
) -> None:
    detail = {"slot": attachment.slot_key, "row": attachment.row_id, "sha256": attachment.file.sha256}
    audit.record(session, actor, kind, ("application", application.id), at=now, detail=detail)
