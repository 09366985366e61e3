"""Signing what was handed in, and giving people the papers they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grants.applications.domain import case_content_of
from grants.applications.domain.papers import PdfKind
from grants.applications.domain.receipts import Statement, statement_facts
from grants.applications.models import Application, ApplicationPdf, Receipt, Revision
from grants.applications.policies import may_print_draft
from grants.applications.queries import find_receipt, get_numbered_revision, lock_application
from grants.applications.services.papers import add_pdf, request_draft_pdf, request_pdf
from grants.kernel.actor import Actor
from grants.kernel.signing import signature_text, signing_key


def sign_receipt(session: Session, revision: Revision, *, now: datetime, asked_by: UUID | None = None) -> Receipt:
    """Sign what was handed in: once for each revision.

    Effects, in order: adds the statement with its signature, asks for the PDF that prints it. The signature is made
    here, in the caller's transaction: it costs a fraction of a millisecond, and whoever has submitted holds it at once.
    The PDF follows from a worker.
    """
    receipt = Receipt(revision_id=revision.id, signed_at=now, **signed(facts_of(revision)))
    session.add(receipt)
    add_pdf(session, revision.application, PdfKind.RECEIPT, revision, asked_by=asked_by, now=now)
    return receipt


def ask_for_pdf(
    session: Session, application: Application, kind: PdfKind, *, number: int = 0, actor: Actor, now: datetime
) -> ApplicationPdf:
    """Have a PDF made for a person; what is there already, or under way, is not made again.

    ``number`` is the revision's, of a draft nothing. A revision that was handed in before receipts were signed is
    signed now.

    Raises:
        ForbiddenError: a draft that is none any more, or of others.
        NotFoundError: there is no such revision.
    """
    lock_application(session, application.id)
    person = actor.person_id
    if kind is PdfKind.DRAFT:
        may_print_draft(actor, application).require()
        return request_draft_pdf(session, application, asked_by=person, now=now)
    revision = get_numbered_revision(session, application, number)
    if kind is PdfKind.RECEIPT and find_receipt(session, revision) is None:
        sign_receipt(session, revision, asked_by=person, now=now)
    return request_pdf(session, application, kind, revision, asked_by=person, now=now)


def facts_of(revision: Revision) -> dict[str, str]:
    """What the system says of a revision: by the number, the instants and the enterprise as they are at this moment."""
    application = revision.application
    return statement_facts(
        ref=application.ref or "",
        revision=revision.number,
        submitted_at=application.submitted_at or revision.submitted_at,
        revision_at=revision.submitted_at,
        call=application.call.ref,
        org=application.organisation.name,
        uscc=application.organisation.uscc,
        content=revision.sha256,
        documents=case_content_of(revision.content)["documents"],
    )


def signed(facts: Mapping[str, str]) -> dict[str, str]:
    """The columns of a receipt that states these facts, signed under the key in use."""
    key = signing_key()
    text = Statement(**facts, key=key.public.id).text
    return {"statement": text, "signature": signature_text(key.sign(text.encode())), "key_id": key.public.id}
