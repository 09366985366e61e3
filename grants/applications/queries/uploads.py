"""Files that are still on their way into a slot, and files that were in one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from grants.accounts.models import Person
from grants.applications.models import Application, Attachment, SlotUpload
from grants.documents import PartialUpload, ScanState, StoredFile
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError

MAX_EARLIER = 200  # of one application, the latest ones


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """A file that was replaced or removed: what it was, who put it there, from when until when."""

    id: UUID
    slot: str
    row: str
    name: str
    size_bytes: int
    attached_by: str
    attached_at: datetime
    removed_at: datetime
    scan_state: ScanState


def get_upload(
    session: Session, application: Application, upload_id: UUID, actor: Actor, *, lock: bool = False
) -> SlotUpload:
    """An upload that the actor began here, on its way or arrived; NotFoundError for anybody else's.

    ``lock``: read anew, and nobody else changes it until the transaction ends.
    """
    query = _of(application, actor).where(SlotUpload.upload_id == upload_id)
    if lock:
        query = query.with_for_update(of=SlotUpload).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(upload=str(upload_id))
    return found


def list_unfinished(session: Session, application: Application, actor: Actor) -> Sequence[SlotUpload]:
    """What the actor began here and has not finished, the oldest first."""
    query = _of(application, actor).where(SlotUpload.attachment_id.is_(None))
    return session.scalars(query.order_by(SlotUpload.upload_id)).all()


def list_earlier_files(session: Session, application: Application) -> Sequence[EarlierFile]:
    """Files that were replaced or removed, the latest first; no more than MAX_EARLIER."""
    query = (
        select(
            Attachment.id,
            Attachment.slot_key,
            Attachment.row_id,
            StoredFile.name,
            StoredFile.size_bytes,
            Person.name,
            Attachment.attached_at,
            Attachment.removed_at,
            StoredFile.scan_state,
        )
        .join(StoredFile, Attachment.file_id == StoredFile.id)
        .join(Person, Attachment.attached_by == Person.id)
        .where(Attachment.application_id == application.id, Attachment.removed_at.is_not(None))
        .order_by(Attachment.removed_at.desc(), Attachment.id.desc())
        .limit(MAX_EARLIER)
    )
    found: Sequence[Any] = session.execute(query).all()
    return [EarlierFile(*row) for row in found]


def _of(application: Application, actor: Actor) -> Select[SlotUpload]:
    return (
        select(SlotUpload)
        .join(SlotUpload.upload)
        .where(SlotUpload.application_id == application.id, PartialUpload.begun_by == str(actor.person_id))
        .options(contains_eager(SlotUpload.upload))
    )
