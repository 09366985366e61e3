"""What is known of the files of an application beyond what a revision says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.models import Application, Attachment
from grants.documents import FilePreview, ScanState, StoredFile


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a scan said of a file, and whether its first page can be shown."""

    scan_state: ScanState
    has_preview: bool


def list_file_facts(session: Session, application: Application) -> Mapping[tuple[str, str], FileFacts]:
    """The facts of everything ever attached, by slot and fingerprint, in one query.

    Of the same content attached to a slot several times the first counts, which is also the one that is opened.
    """
    query = (
        select(Attachment.slot_key, StoredFile.sha256, StoredFile.scan_state, FilePreview.sha256.is_not(None))
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .outerjoin(FilePreview, FilePreview.sha256 == StoredFile.sha256)
        .where(Attachment.application_id == application.id)
        .order_by(Attachment.id.desc())
    )
    return {(slot, sha256): FileFacts(state, shown) for slot, sha256, state, shown in session.execute(query)}
