"""Reading drafts and cases: three queries for one application or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.domain import (
    AttachedFile,
    Draft,
    Progress,
    StoredAnswer,
    StoredRow,
    case_content_of,
    effective_close,
    progress_of,
    requested_fen_of,
)
from grants.applications.models import Answer, AnswerRow, Application, Attachment, Revision
from grants.calls.queries import call_facts
from grants.documents import StoredFile
from grants.kernel.clock import SHANGHAI
from grants.programmes.queries import definition_of


def load_draft(session: Session, application: Application) -> Draft:
    """Everything entered for one application, in three queries."""
    return load_drafts(session, [application])[application.id]


def load_drafts(session: Session, applications: Sequence[Application]) -> dict[UUID, Draft]:
    """Everything entered for each of these, by application id, in three queries however many they are."""
    ids = [application.id for application in applications]
    answers = _grouped(session.execute(_ANSWERS.where(Answer.application_id.in_(ids))))
    rows = _grouped(session.execute(_ROWS.where(AnswerRow.application_id.in_(ids))))
    files = _grouped(session.execute(_FILES.where(Attachment.application_id.in_(ids))))
    return {
        application.id: Draft(
            definition=definition_of(application.call.definition),
            call=case_call(application),
            answers={(found[1], found[2]): StoredAnswer(*found[3:]) for found in answers[application.id]},
            rows=_tables(rows[application.id]),
            files=tuple(AttachedFile(*found[1:]) for found in files[application.id]),
            submitted_at=application.submitted_at,
            application=application.ref or "",
            receipt_no=application.receipt_no,
        )
        for application in applications
    }


def list_progress(
    session: Session, applications: Sequence[Application], *, documents_title: str = "申报材料"
) -> Mapping[UUID, Progress]:
    """How far each of these drafts has come and what it asks for, by application id; for the enterprise's home page."""
    drafts = load_drafts(session, applications) if applications else {}
    return {
        key: replace(progress_of(draft, documents_title=documents_title), requested_fen=requested_fen_of(draft))
        for key, draft in drafts.items()
    }


def case_call(application: Application) -> dict[str, Any]:
    """The ``call`` object of this application's case: the call's facts with its own effective close."""
    call = application.call
    begun_at, extended_to = application.submission_begun_at, application.extended_to
    close = effective_close(call.closes_at, call.grace_minutes, begun_at, extended_to)
    return {**call_facts(call), "effective_close": close.astimezone(SHANGHAI).isoformat()}


def case_content(revision: Revision) -> dict[str, Any]:
    """``org``, ``answers`` and ``documents`` of a frozen revision in the JSON of a case."""
    return case_content_of(revision.content)


def case_json(revision: Revision) -> dict[str, Any]:
    """The whole case of a revision, without evidence and the district's word, as ``case_from_json`` takes it.

    The instant is that of the first submission; ``application`` is the receipt's number, as claims of others name it.
    """
    application = revision.application
    return {
        "definition": application.call.definition.programme.code,
        "call": case_call(application),
        "submitted_at": application.submitted_at.isoformat() if application.submitted_at else None,
        "application": application.ref,
        "receipt_no": application.receipt_no,
        **case_content(revision),
    }


def _grouped(rows: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _tables(rows: Sequence[Any]) -> dict[str, tuple[StoredRow, ...]]:
    found: defaultdict[str, list[StoredRow]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(StoredRow(*row[2:]))
    return {table: tuple(sorted(stored, key=lambda row: (row.position, row.id))) for table, stored in found.items()}


_ANSWERS = select(
    Answer.application_id,
    Answer.field_key,
    Answer.row_id,
    Answer.value,
    Answer.version,
    Answer.changed_by,
    Answer.changed_at,
    Answer.origin,
)
_ROWS = select(
    AnswerRow.application_id, AnswerRow.table_key, AnswerRow.row_id, AnswerRow.position, AnswerRow.version
).where(AnswerRow.deleted.is_(False))
_FILES = (
    select(
        Attachment.application_id,
        Attachment.id,
        Attachment.slot_key,
        Attachment.row_id,
        StoredFile.name,
        StoredFile.content_type,
        StoredFile.size_bytes,
        StoredFile.pages,
        StoredFile.sha256,
        Attachment.attached_at,
        StoredFile.scan_state,
    )
    .join(StoredFile, Attachment.file_id == StoredFile.id)
    .where(Attachment.removed_at.is_(None))
    .order_by(Attachment.id)
)
