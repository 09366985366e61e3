"""Comparing the store with the record of files, and removing what is certainly nobody's. Opens its own transactions:
the store is read and written outside all of them."""

from __future__ import annotations

from datetime import datetime

from grants import documents
from grants.db import reading
from grants.documents import Orphans


def look_for_orphans(*, real_now: datetime) -> Orphans:
    """Bytes without a file and files without bytes, as of ``real_now``, the machine's own instant."""
    lying = documents.list_contents()
    with reading() as session:
        return documents.find_orphans(session, lying, now=real_now)


def remove_orphans(orphans: Orphans, *, real_now: datetime) -> int:
    """Remove bytes that no file has had for a week, and arrivals that were left lying for a day; how many contents.

    Files without bytes are never touched: somebody has to look for the bytes in a backup.
    """
    documents.forget_left_lying(now=real_now)
    removed = 0
    for kept in documents.certain_ones(orphans, now=real_now):
        with reading() as session:
            removed += documents.remove_orphan(session, kept, now=real_now)
    return removed
