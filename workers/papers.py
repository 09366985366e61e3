"""PDFs of cases, kept by their fingerprint: ``application_pdf.requested`` -> a receipt or an application,
``formal_notice.issued`` -> a written notice."""

from collections.abc import Mapping
from uuid import UUID

import typst
from flask import current_app
from sqlalchemy.orm import Session

from grants import documents
from grants.applications import queries, services
from grants.applications.domain.papers import PdfKind
from grants.applications.queries import Source
from grants.config import Settings
from grants.db import reading, writing
from grants.eligibility.queries import get_notice
from grants.eligibility.services import keep_notice_pdf
from grants.kernel.clock import utc_now
from grants.kernel.errors import DomainError
from workers import typesetting
from workers.base import PeriodicTask, finishing, outbox_task
from workers.celery_app import celery

PDF = "application/pdf"
PAUSES_S = (1, 5, 30)  # somebody waits for it, and may ask again
NAMES = {PdfKind.RECEIPT: "回执", PdfKind.FORM: "申报书", PdfKind.DRAFT: "申报书草稿"}


def mark_failed(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The end of a PDF that cannot be made: whoever asked is told, and may ask again."""
    services.fail_pdf(session, UUID(payload["pdf_id"]))


@outbox_task(
    "papers.typeset_pdf",
    final_failure=mark_failed,
    pauses_s=PAUSES_S,
    cannot_pass=(DomainError, typst.TypstError),
)
def typeset_pdf(*, message_id: str, pdf_id: str) -> None:
    """Typeset outside any transaction, keep the bytes, link them once."""
    with reading() as session:
        source = queries.read_source(session, UUID(pdf_id))
    pdf = _typeset(source)
    made = documents.keep_bytes(pdf, name=_name(source), content_type=PDF, pages=typesetting.count_pages(pdf))
    with finishing(message_id) as session:
        services.keep_pdf(session, UUID(pdf_id), made, source_sha256=source.sha256, now=utc_now())


@outbox_task("papers.typeset_notice", pauses_s=PAUSES_S, cannot_pass=(DomainError, typst.TypstError))
def typeset_notice(*, message_id: str, decision_id: str) -> None:
    """Typeset a written notice from the content frozen with its decision, keep the bytes, link them once."""
    with reading() as session:
        notice = get_notice(session, UUID(decision_id))
        content, sha256 = notice.content, notice.sha256
    pdf = typesetting.typeset_notice(content, sha256=sha256)
    name = f"{typesetting.notice_title(content)}.pdf"
    made = documents.keep_bytes(pdf, name=name, content_type=PDF, pages=typesetting.count_pages(pdf))
    with finishing(message_id) as session:
        keep_notice_pdf(session, UUID(decision_id), made, now=utc_now())


@celery.task(name="papers.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Each hour: forget drafts' PDFs whose days are over."""
    with writing() as session:
        services.sweep_draft_pdfs(session, now=utc_now())


def _typeset(source: Source) -> bytes:
    if source.kind is PdfKind.RECEIPT:
        settings: Settings = current_app.extensions["settings"]
        return typesetting.typeset_receipt(source, public_url=settings.public_url)
    return typesetting.typeset_application(source)


def _name(source: Source) -> str:
    """``申报书 SBC-2027-01-0012 第2次提交.pdf``; of a draft its title."""
    if source.kind is PdfKind.DRAFT:
        return f"{NAMES[source.kind]} {source.title}".strip() + ".pdf"
    number = f" 第{source.revision}次提交" if source.revision > 1 else ""
    return f"{NAMES[source.kind]} {source.ref}{number}.pdf"
