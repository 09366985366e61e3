"""Issuing what has been published: ``notice.published`` and ``award_list.released`` -> a PDF kept by its fingerprint,
and everybody concerned told."""

from uuid import UUID

from grants import documents
from grants.db import reading
from grants.documents import Received
from grants.kernel.clock import utc_now
from grants.publication import queries, services
from grants.publication.domain import read_content
from workers.base import finishing, outbox_task
from workers.typesetting import typeset

PDF = "application/pdf"


@outbox_task("publication.issue_notice")
def issue_notice(*, message_id: str, notice_id: str) -> None:
    """Typeset a notice outside any transaction, link it once, tell the applicants once."""
    with reading() as session:
        notice = queries.get_notice_by_id(session, UUID(notice_id))
        content, sha256, name = notice.content, notice.sha256, notice.ref
    pdf = _kept(content, sha256, name)
    with finishing(message_id) as session:
        notice = queries.get_notice_by_id(session, UUID(notice_id))
        services.keep_pdf(session, notice, pdf, now=utc_now())
        services.tell_of_notice(session, notice, now=utc_now())


@outbox_task("publication.issue_award_list")
def issue_award_list(*, message_id: str, award_list_id: str) -> None:
    """Typeset a released list outside any transaction, link it once, tell everybody on it once."""
    with reading() as session:
        award_list = queries.get_list_by_id(session, UUID(award_list_id))
        content, sha256, name = award_list.content, award_list.sha256, award_list.ref
    pdf = _kept(content, sha256, name)
    with finishing(message_id) as session:
        award_list = queries.get_list_by_id(session, UUID(award_list_id))
        services.keep_pdf(session, award_list, pdf, now=utc_now())
        services.tell_of_list(session, award_list, now=utc_now())


def _kept(content: str, sha256: str, name: str) -> Received:
    pdf = typeset(read_content(content), sha256=sha256)
    return documents.keep_bytes(pdf, name=f"{name}.pdf", content_type=PDF)
