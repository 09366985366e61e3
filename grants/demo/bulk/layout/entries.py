"""What the rows of all stages share: entries of the log, files, the words of letters."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from grants.applications.domain import (
    receipt_ref,
    title_of,
)
from grants.db import uuid7
from grants.demo.bulk.cases import BulkCase
from grants.demo.bulk.rows import Rows
from grants.documents import Received, StoredFile


def add_file(rows: Rows, case: BulkCase, received: Received, at: Any) -> UUID:
    """The row of one received file; returns its id."""
    file_id = uuid7()
    told = {"uploaded_by": str(case.person_id), "uploaded_at": at, "scanned_at": at, "scan_note": ""}
    rows.add(StoredFile, id=file_id, **asdict(received), **told)
    return file_id


def facts_of(case: BulkCase) -> dict[str, str]:
    """What every letter about the application says."""
    return {"name": case.setting.title, "ref": ref_of(case), "title": title_of(case.draft)}


def ref_of(case: BulkCase) -> str:
    """The application's number."""
    return receipt_ref(str(case.setting.call["ref"]), case.receipt_no)


def record(rows: Rows, case: BulkCase, event: str, at: Any, detail: dict[str, Any], *, actor: str = "") -> None:
    """An entry about the application, by its owner unless told otherwise."""
    subject = ("application", case.application_id)
    rows.record(actor or case.actor.label, f"application.{event}", subject, at=at, detail=detail)
