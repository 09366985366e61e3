"""Evidence that the system has itself: facts of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from grants.documents import ScanState, StoredFile
from grants.kernel.clock import local_date

FileFacts = tuple[int | None, bool | None]  # pages, whether it is sound
MISSING: FileFacts = (None, False)


def files_evidence(session: Session, documents: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[str, Any]:
    """Facts of the files of a frozen manifest: what was proved by opening them, and what their scan found.

    A file of the manifest that is not among the stored ones, or in which something was found, is not sound; of one that
    has not been scanned yet nobody knows. Nobody looks for seals yet: null.
    """
    wanted = {str(document["sha256"]) for document in documents}
    known: dict[str, FileFacts] = {}
    for sha256, pages, state in session.execute(_SCANS, {"wanted": sorted(wanted)}) if wanted else ():
        former = known.get(sha256, (pages, None))
        known[sha256] = pages, _sounder(former[1], state)
    return files_found(documents, known, now=now)


_SCANS: Any = select(StoredFile.sha256, StoredFile.pages, StoredFile.scan_state).where(
    StoredFile.sha256.in_(bindparam("wanted", expanding=True))
)


def _sounder(former: bool | None, state: ScanState) -> bool | None:
    """What is known of the same content, kept several times: one finding is enough, and so is one clean scan."""
    if former is False or state is ScanState.INFECTED:
        return False
    return True if state is ScanState.CLEAN else former


def files_found(
    documents: Sequence[Mapping[str, Any]], known: Mapping[str, FileFacts], *, now: datetime
) -> dict[str, Any]:
    """The evidence ``files`` from a manifest and what is known of the stored files by fingerprint."""
    rows = [
        {
            "document": document["key"],
            "row": document.get("row"),
            "pages": known.get(document["sha256"], MISSING)[0],
            "sound": known.get(document["sha256"], MISSING)[1],
            "sealed": None,
        }
        for document in documents
    ]
    return {"source": "本系统附件检验", "asof": local_date(now).isoformat(), "rows": rows}
