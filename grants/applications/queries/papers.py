"""Receipts and PDFs of an application, and what a PDF is typeset from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants.applications.domain import title_in
from grants.applications.domain.papers import PdfKind
from grants.applications.models import Application, ApplicationPdf, Receipt, Revision
from grants.applications.queries.drafts import case_json, load_draft
from grants.calls.models import Call
from grants.documents import StoredFile
from grants.kernel.canonical import fingerprint
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Case, Definition, case_from_json
from grants.programmes.models import DefinitionVersion
from grants.programmes.queries import definition_of


@dataclass(frozen=True, slots=True)
class Source:
    """Everything that a PDF of an application prints, so that it is typeset without a transaction.

    ``documents`` and ``undertakings`` are those of the frozen content; a draft has files, but nobody's word yet.
    ``sha256`` is the fingerprint of the frozen content, or of a draft's. ``statement`` and ``signature`` belong to a
    receipt and are empty elsewhere.
    """

    kind: PdfKind
    definition: Definition
    call: str
    organisation: str
    uscc: str
    title: str
    case: Case
    documents: Sequence[Mapping[str, Any]]
    undertakings: Sequence[Mapping[str, Any]]
    ref: str
    revision: int
    sha256: str
    submitted_at: datetime | None
    revision_at: datetime
    statement: str = ""
    signature: str = ""


def find_receipt(session: Session, revision: Revision) -> Receipt | None:
    """The receipt of a revision; None for one that was handed in before receipts were signed."""
    return session.get(Receipt, revision.id)


def find_pdf(session: Session, revision: Revision, kind: PdfKind) -> ApplicationPdf | None:
    """The one PDF of that kind that a revision has; None while nobody has asked for it."""
    query = select(ApplicationPdf).where(ApplicationPdf.revision_id == revision.id, ApplicationPdf.kind == kind)
    return session.scalars(query.options(joinedload(ApplicationPdf.file))).one_or_none()


def latest_draft_pdf(session: Session, application: Application) -> ApplicationPdf | None:
    """The draft's PDF that was asked for last; None where there is none, or none any more."""
    query = select(ApplicationPdf).where(
        ApplicationPdf.application_id == application.id, ApplicationPdf.kind == PdfKind.DRAFT
    )
    newest = query.order_by(ApplicationPdf.id.desc()).limit(1).options(joinedload(ApplicationPdf.file))
    return session.scalars(newest).first()


def list_revision_pdfs(session: Session, application: Application) -> Mapping[tuple[UUID, PdfKind], ApplicationPdf]:
    """Every PDF of the revisions of an application, with its file, by revision and kind."""
    query = select(ApplicationPdf).where(
        ApplicationPdf.application_id == application.id, ApplicationPdf.revision_id.is_not(None)
    )
    found = session.scalars(query.options(joinedload(ApplicationPdf.file)))
    return {(pdf.revision_id, pdf.kind): pdf for pdf in found if pdf.revision_id is not None}


def list_receipts(session: Session, application: Application) -> Mapping[UUID, Receipt]:
    """The receipts of an application by revision."""
    query = select(Receipt).join(Receipt.revision).where(Revision.application_id == application.id)
    return {receipt.revision_id: receipt for receipt in session.scalars(query)}


def get_pdf_file(session: Session, application: Application, pdf_id: UUID, *, drafts: bool) -> StoredFile:
    """A PDF of this application that has been made; NotFoundError, also for a draft's unless ``drafts``."""
    query = (
        select(StoredFile)
        .join(ApplicationPdf, ApplicationPdf.file_id == StoredFile.id)
        .where(ApplicationPdf.id == pdf_id, ApplicationPdf.application_id == application.id)
    )
    if not drafts:
        query = query.where(ApplicationPdf.kind != PdfKind.DRAFT)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(pdf=str(pdf_id))
    return found


def find_signed(session: Session, ref: str, sha256: str) -> Receipt | None:
    """The receipt of the revision with that number and fingerprint; None if none was signed."""
    query = (
        select(Receipt)
        .join(Receipt.revision)
        .join(Revision.application)
        .where(Application.ref == ref, Revision.sha256 == sha256)
    )
    return session.scalars(query.order_by(Revision.number)).first()


def read_source(session: Session, pdf_id: UUID) -> Source:
    """What a PDF prints: of a revision what it froze, of a draft what is stored now; NotFoundError."""
    application = joinedload(ApplicationPdf.application)
    call = application.joinedload(Application.call)
    query = (
        select(ApplicationPdf)
        .where(ApplicationPdf.id == pdf_id)
        .options(
            application.joinedload(Application.organisation),
            call.joinedload(Call.definition).joinedload(DefinitionVersion.programme),
            call.selectinload(Call.funds),
            joinedload(ApplicationPdf.revision),
        )
    )
    pdf = session.scalars(query).one_or_none()
    if pdf is None:
        raise NotFoundError(pdf=str(pdf_id))
    return _source_of_draft(session, pdf) if pdf.revision is None else _source_of_revision(session, pdf, pdf.revision)


def _source_of_draft(session: Session, pdf: ApplicationPdf) -> Source:
    application = pdf.application
    draft = load_draft(session, application)
    return Source(
        kind=pdf.kind,
        definition=draft.definition,
        call=application.call.title,
        organisation=application.organisation.name,
        uscc=application.organisation.uscc,
        title=title_in(draft.definition, draft.case),
        case=draft.case,
        documents=draft.content["documents"],
        undertakings=(),
        ref=application.ref or "",
        revision=application.revision_no,
        sha256=fingerprint(draft.content),
        submitted_at=application.submitted_at,
        revision_at=pdf.asked_at,
    )


def _source_of_revision(session: Session, pdf: ApplicationPdf, revision: Revision) -> Source:
    application, content = pdf.application, json.loads(revision.content)
    definition = definition_of(application.call.definition)
    receipt = find_receipt(session, revision) if pdf.kind is PdfKind.RECEIPT else None
    case = case_from_json(definition, case_json(revision))
    return Source(
        kind=pdf.kind,
        definition=definition,
        call=application.call.title,
        organisation=content["org"].get("name", application.organisation.name),
        uscc=content["org"].get("uscc", application.organisation.uscc),
        title=title_in(definition, case),
        case=case,
        documents=content["documents"],
        undertakings=content.get("undertakings", ()),
        ref=application.ref or "",
        revision=revision.number,
        sha256=revision.sha256,
        submitted_at=application.submitted_at,
        revision_at=revision.submitted_at,
        statement=receipt.statement if receipt else "",
        signature=receipt.signature if receipt else "",
    )
