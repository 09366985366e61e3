"""Files on their way into a slot: begun, arrived, given up, swept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from grants import documents
from grants.applications.models import Application, Attachment, SlotUpload
from grants.applications.queries import get_upload
from grants.applications.services.attachments import attach_file, require_slot
from grants.db import lock_one
from grants.documents import PartialUpload
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError

MAX_UNFINISHED = 20  # of one application
ABANDONED_AFTER = timedelta(hours=24)


def begin_upload(
    session: Session,
    application: Application,
    slot_key: str,
    row: str,
    *,
    name: str,
    size_bytes: int,
    mark: str,
    actor: Actor,
    now: datetime,
) -> SlotUpload:
    """Begin to take a file into a slot; where the same person began the same file there before, that one goes on.

    The same file is one of the same name, size in bytes and ``mark`` (see ``PartialUpload``).

    Raises:
        ForbiddenError, NotFoundError: as ``require_slot``.
        InvalidError: the slot is full, too many uploads are open, or what name and size tell is refused already.
    """
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    slot = require_slot(session, application, slot_key, row, actor=actor, now=now)
    lock_one(session, f"uploads:{application.id}")
    unfinished = _unfinished(session, application)
    for upload in unfinished:
        if _is_same(upload, slot_key, row, documents.clean_name(name), size_bytes, mark, actor):
            return upload
    if len(unfinished) >= MAX_UNFINISHED:
        raise InvalidError("too_many_uploads", limit=MAX_UNFINISHED)
    if slot.max_files > 1 and _files_in(session, application, slot_key, row) >= slot.max_files:
        raise InvalidError("too_many_files", limit=slot.max_files)
    begun = documents.begin_partial(
        session,
        name=name,
        size_bytes=size_bytes,
        mark=mark,
        accept=slot.accept,
        max_bytes=slot.max_bytes,
        by=actor.person_id,
        now=now,
    )
    upload = SlotUpload(upload=begun, application_id=application.id, slot_key=slot_key, row_id=row)
    session.add(upload)
    session.flush()
    return upload


def attach_upload(
    session: Session,
    application: Application,
    upload_id: UUID,
    received: documents.Received,
    *,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Attach a file that has arrived; asked for again, the same attachment.

    Raises:
        ForbiddenError, NotFoundError, InvalidError: as ``attach_file``; the upload was discarded meanwhile.
    """
    upload = get_upload(session, application, upload_id, actor, lock=True)
    if upload.attachment_id is not None:
        return session.get_one(Attachment, upload.attachment_id)
    slot_key, row = upload.slot_key, upload.row_id
    attachment = attach_file(session, application, slot_key, row, received, actor=actor, now=now)
    upload.attachment_id = attachment.id
    return attachment


def discard_upload(session: Session, upload: SlotUpload) -> None:
    """Forget an upload that is not wanted any more; its bytes go with the next sweep."""
    _delete(session, [upload.upload_id])


def delete_abandoned_uploads(session: Session, *, now: datetime) -> int:
    """Forget uploads, arrived or not, of which nothing has come for ABANDONED_AFTER; returns how many."""
    old = select(PartialUpload.id).where(PartialUpload.touched_at < now - ABANDONED_AFTER)
    ids = session.scalars(old).all()
    _delete(session, ids)
    return len(ids)


def wanted_parts(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Which of these uploads still need their bytes: those on their way."""
    query = select(SlotUpload.upload_id).where(SlotUpload.upload_id.in_(ids), SlotUpload.attachment_id.is_(None))
    return set(session.scalars(query))


def _unfinished(session: Session, application: Application) -> list[SlotUpload]:
    query = (
        select(SlotUpload)
        .where(SlotUpload.application_id == application.id, SlotUpload.attachment_id.is_(None))
        .options(joinedload(SlotUpload.upload))
        .order_by(SlotUpload.upload_id)
    )
    return list(session.scalars(query))


def _is_same(upload: SlotUpload, slot_key: str, row: str, name: str, size_bytes: int, mark: str, actor: Actor) -> bool:
    partial = upload.upload
    known = (upload.slot_key, upload.row_id, partial.name, partial.size_bytes, partial.mark, partial.begun_by)
    return known == (slot_key, row, name, size_bytes, mark, str(actor.person_id))


def _files_in(session: Session, application: Application, slot_key: str, row: str) -> int:
    query = select(func.count()).where(
        Attachment.application_id == application.id,
        Attachment.slot_key == slot_key,
        Attachment.row_id == row,
        Attachment.removed_at.is_(None),
    )
    return session.scalar(query) or 0


def _delete(session: Session, ids: Collection[UUID]) -> None:
    session.execute(delete(SlotUpload).where(SlotUpload.upload_id.in_(ids)))
    session.execute(delete(PartialUpload).where(PartialUpload.id.in_(ids)))
