"""Looking after files: ``file.received`` -> scanned outside any transaction, then clean, infected or failed;
``file.cleared`` -> a preview."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from grants import documents
from grants.applications import services as applications
from grants.db import reading
from grants.documents import ScanResult, ScanState
from grants.eligibility import services as eligibility
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now, utc_now
from workers.base import finishing, outbox_task

REMOVAL_PAUSES_S = (3_600, 7_200, 14_400)
SCAN_PAUSES_S = (2, 5, 15, 30, 60, 120, 300)  # a file that waits is settled within ten minutes, one way or the other


def mark_scan_failed(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The end of a scan that did not come about in time: nobody can open the file until an operator has it repeated."""
    documents.settle_scan(session, UUID(payload["file_id"]), ScanResult(ScanState.FAILED, error), now=utc_now())


@outbox_task("documents.scan_file", final_failure=mark_scan_failed, pauses_s=SCAN_PAUSES_S)
def scan_file(*, message_id: str, file_id: str) -> None:
    """Scan one file; a second message for it finds that settled and does nothing."""
    with reading() as session:
        unscanned = documents.find_unscanned(session, UUID(file_id))
    if unscanned is None:
        return
    result = documents.scan_bytes(unscanned.sha256, name=unscanned.name)
    with finishing(message_id) as session:
        if documents.settle_scan(session, UUID(file_id), result, now=utc_now()):
            applications.follow_scan(session, UUID(file_id), actor=SYSTEM, now=utc_now())
            eligibility.recheck_after_scan(session, UUID(file_id))


class StillAtWorkError(Exception):
    """The bytes came too lately to be removed; tried again later."""


@outbox_task("documents.remove_bytes", pauses_s=REMOVAL_PAUSES_S)
def remove_bytes(*, message_id: str, sha256: str) -> None:
    """Remove the bytes of a content that no file has; a file that has it again keeps them."""
    with reading() as session:
        wanted = documents.has_content(session, sha256)
    if not wanted and not documents.remove_bytes(sha256, now=real_now()):
        raise StillAtWorkError(sha256)
    with finishing(message_id):
        pass


@outbox_task("documents.make_preview")
def make_preview(*, message_id: str, file_id: str) -> None:
    """Make a preview of a clean file, where it can have one and has none."""
    with reading() as session:
        content = documents.find_unpreviewed(session, UUID(file_id))
    picture = documents.make_preview(content) if content else None
    if content and picture:
        with finishing(message_id) as session:
            documents.keep_preview(session, content.sha256, picture, now=utc_now())
