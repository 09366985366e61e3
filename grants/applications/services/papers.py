"""PDFs: asked for in a transaction, made by a worker, kept; those of drafts for some days."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants import documents, outbox
from grants.applications.domain.papers import KEPT, PdfKind, PdfState
from grants.applications.models import Application, ApplicationPdf, Revision
from grants.applications.queries import find_pdf, latest_draft_pdf, load_draft
from grants.db import uuid7
from grants.documents import Received
from grants.kernel.actor import SYSTEM
from grants.kernel.canonical import fingerprint


def add_pdf(
    session: Session,
    application: Application,
    kind: PdfKind,
    revision: Revision | None,
    *,
    asked_by: UUID | None,
    now: datetime,
) -> ApplicationPdf:
    """Ask for a PDF that nobody has asked for before: adds the row, publishes ``application_pdf.requested``."""
    pdf = ApplicationPdf(
        id=uuid7(),
        application_id=application.id,
        revision_id=revision.id if revision else None,
        kind=kind,
        state=PdfState.QUEUED,
        asked_by=asked_by,
        asked_at=now,
    )
    session.add(pdf)
    _publish(session, pdf)
    return pdf


def request_pdf(
    session: Session,
    application: Application,
    kind: PdfKind,
    revision: Revision,
    *,
    asked_by: UUID | None,
    now: datetime,
) -> ApplicationPdf:
    """Have one PDF of a revision made, once; one that failed is tried again. The caller has locked the application.

    Effects: adds the row or queues it again, publishes ``application_pdf.requested``.
    """
    pdf = find_pdf(session, revision, kind)
    if pdf is None:
        return add_pdf(session, application, kind, revision, asked_by=asked_by, now=now)
    if pdf.state is PdfState.FAILED:
        pdf.state, pdf.asked_by, pdf.asked_at = PdfState.QUEUED, asked_by, now
        _publish(session, pdf)
    return pdf


def request_draft_pdf(
    session: Session, application: Application, *, asked_by: UUID | None, now: datetime
) -> ApplicationPdf:
    """Have a draft's PDF made. While one is under way, or one of this very content is at hand, that one.

    Effects: adds the row, publishes ``application_pdf.requested``. The caller has locked the application.
    """
    latest = latest_draft_pdf(session, application)
    if latest is not None and latest.state is PdfState.QUEUED:
        return latest
    if (
        latest is not None
        and latest.state is PdfState.MADE
        and latest.source_sha256 == fingerprint(load_draft(session, application).content)
    ):
        return latest
    return add_pdf(session, application, PdfKind.DRAFT, None, asked_by=asked_by, now=now)


def keep_pdf(session: Session, pdf_id: UUID, made: Received, *, source_sha256: str, now: datetime) -> None:
    """Link a PDF to who asked for it, once: what has been issued is never replaced."""
    pdf = session.get_one(ApplicationPdf, pdf_id, with_for_update=True)
    if pdf.state is PdfState.QUEUED:
        pdf.file = documents.add_file(session, made, by=SYSTEM.label, now=now)
        pdf.state, pdf.made_at, pdf.source_sha256 = PdfState.MADE, now, source_sha256


def fail_pdf(session: Session, pdf_id: UUID) -> None:
    """Note that no PDF came of it; whoever asked is told so and may ask again."""
    pdf = session.get_one(ApplicationPdf, pdf_id, with_for_update=True)
    if pdf.state is PdfState.QUEUED:
        pdf.state = PdfState.FAILED


def sweep_draft_pdfs(session: Session, *, now: datetime) -> int:
    """Forget drafts' PDFs that were asked for longer than ``KEPT`` ago, and their files; returns how many."""
    old = select(ApplicationPdf).where(
        ApplicationPdf.kind == PdfKind.DRAFT,
        ApplicationPdf.asked_at < now - KEPT,
        ApplicationPdf.state != PdfState.QUEUED,
    )
    pdfs = session.scalars(old.order_by(ApplicationPdf.id)).all()
    session.execute(delete(ApplicationPdf).where(ApplicationPdf.id.in_([pdf.id for pdf in pdfs])))
    documents.forget_files(session, [pdf.file_id for pdf in pdfs if pdf.file_id is not None])
    return len(pdfs)


def _publish(session: Session, pdf: ApplicationPdf) -> None:
    outbox.publish(session, "application_pdf.requested", {"pdf_id": str(pdf.id)})
