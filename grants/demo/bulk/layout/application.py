"""The rows of an application: draft, papers, revision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from grants.applications.domain import (
    canonical_text,
    requested_fen_of,
    revision_content,
    title_of,
)
from grants.applications.domain.receipts import statement_facts
from grants.applications.models import Answer, AnswerRow, Application, Attachment, Claim, Receipt, Revision
from grants.applications.services import accepted_in, clock_face, signed
from grants.applications.states import ApplicationState
from grants.db import uuid7
from grants.demo.bulk.cases import PREFILLED, BulkCase
from grants.demo.bulk.layout.entries import add_file, facts_of, record, ref_of
from grants.demo.bulk.rows import Rows
from grants.demo.filling import own_rows, section_entries
from grants.documents import Received
from grants.kernel.canonical import fingerprint
from grants.programmes.domain import claims_of

STATES = ApplicationState


def add_application(rows: Rows, case: BulkCase) -> None:
    """The application as it stands in the end, and the entry of its beginning."""
    setting, times = case.setting, case.times
    rows.add(
        Application,
        id=case.application_id,
        call_id=setting.call_id,
        organisation_id=case.organisation_id,
        created_by=case.person_id,
        created_at=times.begun_at,
        state=STATES.CHECKED,
        state_since=times.checked_at,
        title=title_of(case.draft),
        requested_fen=requested_fen_of(case.draft),
        district_code=case.draft.value("org.reg_district"),
        ref=ref_of(case),
        receipt_no=case.receipt_no,
        submitted_at=times.submitted_at,
        revision_no=1,
        submission_begun_at=None,
        passed_to_district_at=None,
        due_on=setting.due_on,
    )
    detail = {"call": setting.call["ref"], "organisation": case.one.uscc}
    record(rows, case, "started", times.begun_at, detail)


def add_answers(rows: Rows, case: BulkCase) -> None:
    """Rows and answers, and the entries of each section's saving."""
    changed: dict[str, Any] = {"changed_by": case.person_id}
    for (path, row), answer in case.draft.answers.items():
        rows.add(
            Answer,
            application_id=case.application_id,
            field_key=path,
            row_id=row,
            value=answer.value,
            version=answer.version,
            origin=answer.origin,
            changed_at=answer.changed_at,
            **changed,
        )
    for table, stored in case.draft.rows.items():
        for place in stored:
            rows.add(
                AnswerRow,
                application_id=case.application_id,
                table_key=table,
                row_id=place.id,
                position=place.position,
                deleted=False,
                version=place.version,
                changed_at=case.times.filled_at,
                **changed,
            )
    for section in case.setting.definition.sections:
        for table, row_id in own_rows(section, case.filled):
            record(rows, case, "row_added", case.times.filled_at, {"table": table, "row": row_id})
        entries = [entry for entry in section_entries(section, case.filled) if entry.path not in PREFILLED]
        if entries:
            names = [f"{entry.path}[{entry.row}]" if entry.row else entry.path for entry in entries]
            record(rows, case, "answers_saved", case.times.filled_at, {"answers": names})


def add_papers(rows: Rows, case: BulkCase) -> None:
    """The files in their slots."""
    for file in case.draft.files:
        paper = Received(file.sha256, file.name, file.content_type, file.size_bytes, file.pages, file.scan_state)
        rows.add(
            Attachment,
            id=file.id,
            application_id=case.application_id,
            slot_key=file.slot,
            row_id=file.row,
            file_id=add_file(rows, case, paper, file.attached_at),
            attached_at=file.attached_at,
            attached_by=case.person_id,
            removed_at=None,
        )
        detail = {"slot": file.slot, "row": file.row, "sha256": file.sha256}
        record(rows, case, "file_attached", file.attached_at, detail)


def add_revision(rows: Rows, case: BulkCase) -> tuple[UUID, str]:
    """What is frozen and claimed at the submission; returns the revision's id and content."""
    at, revision_id = case.times.submitted_at, uuid7()
    content = revision_content(
        case.draft,
        application_id=case.application_id,
        number=1,
        first_submitted_at=at,
        submitted_at=at,
        undertakings=accepted_in(case.draft, case.actor, at),
    )
    text, sha256 = canonical_text(content), fingerprint(content)
    rows.add(
        Revision,
        id=revision_id,
        application_id=case.application_id,
        number=1,
        content=text,
        sha256=sha256,
        submitted_by=case.person_id,
        submitted_at=at,
    )
    _add_receipt(rows, case, revision_id, content=sha256)
    for claim in claims_of(case.setting.definition, case.draft.case):
        rows.add(
            Claim,
            id=uuid7(),
            kind=claim.kind,
            scope=claim.scope,
            key=claim.key,
            written_as=claim.written_as,
            place=1,
            application_id=case.application_id,
            claimed_at=at,
            released_at=None,
        )
    record(rows, case, "submitted", at, {"revision": 1, "sha256": sha256})
    rows.publish_done("application.submitted", {"revision_id": str(revision_id)})
    rows.tell(
        case.recipient,
        "application.submitted",
        event_key=f"application.submitted:{revision_id}",
        facts={**facts_of(case), "submitted_at": clock_face(at)},
        path=f"/apply/{case.application_id}/receipt",
        at=at,
        delivered_at=case.times.checked_at,
    )
    return revision_id, text


def _add_receipt(rows: Rows, case: BulkCase, revision_id: UUID, *, content: str) -> None:
    """The signature; its PDF is made when somebody asks."""
    at = case.times.submitted_at
    facts = statement_facts(
        ref=ref_of(case),
        revision=1,
        submitted_at=at,
        revision_at=at,
        call=case.setting.call["ref"],
        org=case.one.name,
        uscc=case.one.uscc,
        content=content,
        documents=case.draft.content["documents"],
    )
    rows.add(Receipt, revision_id=revision_id, signed_at=at, **signed(facts))
