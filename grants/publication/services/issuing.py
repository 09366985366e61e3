"""Linking an issued PDF to what it prints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants import documents
from grants.documents import Received
from grants.kernel.actor import SYSTEM
from grants.publication.models import AwardList, Notice


def keep_pdf(session: Session, issued: Notice | AwardList, pdf: Received, *, now: datetime) -> None:
    """Add the row of a typeset document and link it, once: what has been issued is never replaced."""
    session.refresh(issued, ["pdf_file_id"], with_for_update=True)
    if issued.pdf_file_id is None:
        issued.pdf_file_id = documents.add_file(session, pdf, by=SYSTEM.label, now=now).id
