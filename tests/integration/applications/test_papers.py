"""Receipts and PDFs from the request to the file, and who may have them."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import delete, func, select

from grants import documents, outbox
from grants.applications import queries, services
from grants.applications.domain.papers import KEPT, PdfKind, PdfState
from grants.applications.domain.receipts import Authenticity, authenticity_of, read_statement
from grants.applications.models import ApplicationPdf, Receipt
from grants.applications.services import Entry
from grants.applications.states import ApplicationState
from grants.documents import FolderStore, StoredFile
from grants.kernel.actor import Role
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, NotFoundError
from grants.kernel.signing import public_keys
from tests.factories.accounts import actor_of, make_member, make_staff, sign_in
from tests.factories.applications import make_application, owner_of
from tests.factories.eligibility import submit_case
from workers.papers import sweep, typeset_pdf

LAST_ATTEMPT = 4


def pdf_of(session, application, kind):
    return session.scalars(
        select(ApplicationPdf).where(ApplicationPdf.application_id == application.id, ApplicationPdf.kind == kind)
    ).one()


def bytes_of(session, pdf):
    with documents.open_file(session.get_one(StoredFile, pdf.file_id)) as stream:
        return stream.read()


def ask(session, application, kind, *, now, number=0):
    actor = owner_of(session, application)
    return services.ask_for_pdf(session, application, kind, number=number, actor=actor, now=now)


def correct(session, application, now):
    """Return the application, change one answer, hand it in again."""
    owner = owner_of(session, application)
    for event in ("start_check", "finish_check") if application.state is ApplicationState.SUBMITTED else ():
        services.advance(session, application, event, actor=owner, now=now)
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    items, due_on = [{"path": "product_name"}], local_date(now) + timedelta(days=7)
    services.return_for_correction(
        session, application, items=items, reason="请补正", due_on=due_on, actor=officer, now=now
    )
    services.save_answers(session, application, [Entry("product_name", "", "更正后的名称")], actor=owner, now=now)
    return services.submit_application(session, application, actor=owner, now=now)


def fetch(client, address):
    """Status, type and bytes of a file; closed, as a server does once it is sent."""
    with client.get(address) as answer:
        return answer.status_code, answer.mimetype, answer.data


def message_of(session, pdf):
    messages = session.scalars(select(outbox.Message).where(outbox.Message.topic == "application_pdf.requested"))
    return next(message for message in messages if message.payload == {"pdf_id": str(pdf.id)})


def test_a_submission_is_signed_at_once(session, now):
    application = make_application(session, submitted=True, now=now)
    revision = queries.current_revision(session, application)

    receipt = queries.find_receipt(session, revision)

    statement = read_statement(receipt.statement)
    assert authenticity_of(statement, receipt.signature, public_keys()) is Authenticity.GENUINE
    assert (statement.ref, statement.revision, statement.content) == (application.ref, "1", revision.sha256)
    assert statement.submitted_at == statement.revision_at == "2026-03-18T12:00:00+08:00"
    assert (statement.org, statement.uscc) == (application.organisation.name, application.organisation.uscc)
    assert pdf_of(session, application, PdfKind.RECEIPT).state is PdfState.QUEUED


def test_a_correction_gets_a_receipt_of_its_own(session, now):
    application = make_application(session, submitted=True, now=now)
    later = now + timedelta(days=1)

    revision = correct(session, application, later)

    first, second = session.scalars(select(Receipt).join(Receipt.revision).order_by(Receipt.signed_at)).all()
    assert second.revision_id == revision.id
    statement = read_statement(second.statement)
    assert (statement.ref, statement.revision) == (application.ref, "2")
    assert statement.submitted_at == read_statement(first.statement).submitted_at
    assert statement.revision_at == "2026-03-19T12:00:00+08:00"


def test_the_pdf_of_a_receipt_is_made_once(session, drain, now):
    application = make_application(session, submitted=True, now=now)
    drain()
    pdf = pdf_of(session, application, PdfKind.RECEIPT)
    content = bytes_of(session, pdf)

    typeset_pdf(message_id=str(message_of(session, pdf).id), pdf_id=str(pdf.id))
    session.expire_all()

    assert pdf.state is PdfState.MADE
    assert pdf.file.name == f"回执 {application.ref}.pdf"
    assert pdf.file.sha256 == hashlib.sha256(content).hexdigest()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert pdf.file.pages == len(document.pages)
    assert session.scalar(select(func.count()).select_from(ApplicationPdf)) == 1


def test_what_was_handed_in_is_typeset_on_request_and_stays_what_it_is(session, drain, now):
    application = make_application(session, submitted=True, now=now)
    asked = ask(session, application, PdfKind.FORM, number=1, now=now)
    drain()
    made = bytes_of(session, asked)
    correct(session, application, now)

    again = ask(session, application, PdfKind.FORM, number=1, now=now)
    drain()

    assert again.id == asked.id
    assert bytes_of(session, asked) == made
    assert asked.file.name == f"申报书 {application.ref}.pdf"


def test_a_draft_is_typeset_anew_only_when_it_has_changed(session, drain, now):
    application = make_application(session, complete=True, now=now)
    first = ask(session, application, PdfKind.DRAFT, now=now)
    assert ask(session, application, PdfKind.DRAFT, now=now).id == first.id
    drain()
    assert ask(session, application, PdfKind.DRAFT, now=now).id == first.id

    entry = Entry("product_name", "", "另一个名称")
    services.save_answers(session, application, [entry], actor=owner_of(session, application), now=now)
    second = ask(session, application, PdfKind.DRAFT, now=now)
    drain()

    assert second.id != first.id
    assert (second.state, second.file.name) == (PdfState.MADE, "申报书草稿 另一个名称 V1.0.pdf")


def test_there_is_no_draft_of_what_was_handed_in_nor_a_revision_that_was_not(session, now):
    application = make_application(session, submitted=True, now=now)

    with pytest.raises(ForbiddenError, match="already_submitted"):
        ask(session, application, PdfKind.DRAFT, now=now)
    with pytest.raises(NotFoundError):
        ask(session, application, PdfKind.FORM, number=2, now=now)


def test_what_was_handed_in_before_receipts_is_signed_when_somebody_asks(session, now):
    application = make_application(session, submitted=True, now=now)
    revision = queries.current_revision(session, application)
    before = queries.find_receipt(session, revision).signature
    session.execute(delete(ApplicationPdf))
    session.execute(delete(Receipt))
    session.expire_all()

    pdf = ask(session, application, PdfKind.RECEIPT, number=1, now=now + timedelta(days=400))

    assert pdf.state is PdfState.QUEUED
    assert queries.find_receipt(session, revision).signature == before


def test_a_pdf_that_cannot_be_kept_ends_as_failed_and_may_be_asked_for_again(session, drain, now, tmp_path):
    application = make_application(session, submitted=True, now=now)
    pdf = pdf_of(session, application, PdfKind.RECEIPT)
    message = message_of(session, pdf)
    message.attempt = LAST_ATTEMPT
    session.commit()
    (tmp_path / "file").write_text("no folder")
    store = documents.current_store()
    documents.use_store(FolderStore(tmp_path / "file" / "folder"))
    try:
        typeset_pdf(message_id=str(message.id), attempt=LAST_ATTEMPT, pdf_id=str(pdf.id))
    finally:
        documents.use_store(store)
    session.expire_all()
    assert pdf.state is PdfState.FAILED

    ask(session, application, PdfKind.RECEIPT, number=1, now=now)
    drain()

    assert pdf.state is PdfState.MADE


def test_drafts_are_swept_after_their_days_and_nothing_else_is(session, drain, clock, now):
    application = make_application(session, complete=True, now=now)
    ask(session, application, PdfKind.DRAFT, now=now)
    submitted = make_application(session, submitted=True, now=now)
    drain()
    files = session.scalar(select(func.count()).select_from(StoredFile))

    clock.move_to(now + KEPT)
    sweep()
    assert pdf_of(session, application, PdfKind.DRAFT).state is PdfState.MADE
    clock.move_to(now + KEPT + timedelta(seconds=1))
    sweep()
    session.expire_all()

    assert session.scalars(select(ApplicationPdf.kind)).all() == [PdfKind.RECEIPT]
    assert pdf_of(session, submitted, PdfKind.RECEIPT).file is not None
    assert session.scalar(select(func.count()).select_from(StoredFile)) == files - 1


@pytest.fixture
def handed_in(session, drain, now):
    """An application with its receipt and its form as PDFs."""
    application = make_application(session, submitted=True, now=now)
    ask(session, application, PdfKind.FORM, number=1, now=now)
    drain()
    return application


def test_the_enterprise_finds_and_fetches_its_papers(session, client, handed_in):
    sign_in(client, make_member(session, handed_in.organisation))

    page = client.get(f"/apply/{handed_in.id}/papers")
    receipt = client.get(f"/apply/{handed_in.id}/receipt")

    assert page.status_code == receipt.status_code == 200
    for kind in (PdfKind.FORM, PdfKind.RECEIPT):
        pdf = pdf_of(session, handed_in, kind)
        address = f"/apply/{handed_in.id}/papers/{pdf.id}"
        assert address in page.text
        assert fetch(client, address) == (200, "application/pdf", bytes_of(session, pdf))
    assert f"/apply/{handed_in.id}/papers/{pdf_of(session, handed_in, PdfKind.RECEIPT).id}" in receipt.text
    assert "data-waiting" not in page.text + receipt.text


def test_frozen_content_is_given_out_byte_by_byte(session, client, handed_in):
    revision = queries.current_revision(session, handed_in)
    sign_in(client, make_member(session, handed_in.organisation))

    answer = client.get(f"/apply/{handed_in.id}/revisions/1.json")

    assert hashlib.sha256(answer.data).hexdigest() == revision.sha256
    assert client.get(f"/apply/{handed_in.id}/revisions/2.json").status_code == 404
    assert client.get(f"/apply/{handed_in.id}/revisions/99999999999999999999.json").status_code == 404


def test_a_draft_is_asked_for_waited_for_and_fetched(session, client, drain, now):
    application = make_application(session, complete=True, now=now)
    sign_in(client, make_member(session, application.organisation))
    here = f"/apply/{application.id}/papers"
    assert f"{here}/draft/0" in client.get(here).text

    answer = client.post(f"{here}/draft/0")
    assert (answer.status_code, answer.location) == (303, here)
    assert "data-waiting" in client.get(here).text
    drain()
    page = client.get(here).text

    assert "data-waiting" not in page
    assert fetch(client, f"{here}/{pdf_of(session, application, PdfKind.DRAFT).id}")[0] == 200


def test_the_office_fetches_papers_but_no_drafts(session, client, drain, now):
    application = submit_case(session, now=now)
    draft_of = make_application(session, complete=True, now=now)
    ask(session, draft_of, PdfKind.DRAFT, now=now)
    drain()
    sign_in(client, make_staff(session, Role.OFFICER))
    here = f"/staff/cases/{application.ref}/papers"

    assert client.post(f"{here}/form/1").location == here
    drain()

    pdf = pdf_of(session, application, PdfKind.FORM)
    assert f"{here}/{pdf.id}" in client.get(here).text
    assert fetch(client, f"{here}/{pdf.id}")[0] == 200
    assert here in client.get(f"/staff/cases/{application.ref}").text
    assert client.post(f"{here}/draft/0").status_code == 404
    assert client.get(f"{here}/{pdf_of(session, draft_of, PdfKind.DRAFT).id}").status_code == 404
    content = client.get(f"/staff/cases/{application.ref}/revisions/1.json")
    assert content.text == queries.current_revision(session, application).content
