"""PDFs and frozen content of an application, for the enterprise and for the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from grants.applications import policies, presenters, queries, services
from grants.applications.domain.papers import PdfKind
from grants.applications.models import Application, Revision
from grants.applications.views.documents import OFFICE
from grants.applications.views.page import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.web.guards import current_actor, requires
from grants.web.stored import send_stored

EVERY_KIND = f"any({', '.join(PdfKind)})"
NUMBER = "int(max=9999)"  # what a column of whole numbers holds, and more than anybody submits
OF_REVISIONS = f"any({PdfKind.FORM}, {PdfKind.RECEIPT})"


@bp.route("/apply/<uuid:application_id>/papers")
@requires(Role.ENTERPRISE)
@transactional
def papers(application_id: UUID) -> ResponseReturnValue:
    """The draft as a PDF, and of each revision the application, the receipt and the frozen content."""
    session, actor = db.session(), current_actor()
    application = queries.get_application(session, application_id, actor)
    links = own_links(application)
    latest = queries.latest_draft_pdf(session, application)
    draft = presenters.paper_of(PdfKind.DRAFT, latest, number=0, pdf_url=links["pdf_url"], ask_url=links["ask_url"])
    return render_template(
        "applications/papers.html",
        application=application,
        heading=presenters.heading(application),
        draft=draft if policies.may_print_draft(actor, application) else None,
        revisions=_revisions(application, links),
    )


@bp.route(f"/apply/<uuid:application_id>/papers/<{EVERY_KIND}:kind>/<{NUMBER}:number>", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def request_paper(application_id: UUID, kind: str, number: int) -> ResponseReturnValue:
    """Have a PDF made; the page of papers shows how far it has come. The draft's number is 0."""
    application = queries.get_application(db.session(), application_id, current_actor())
    _ask(application, kind, number)
    return redirect(url_for("applications.papers", application_id=application_id), 303)


@bp.route("/apply/<uuid:application_id>/papers/<uuid:pdf_id>")
@requires(Role.ENTERPRISE)
@transactional
def paper(application_id: UUID, pdf_id: UUID) -> ResponseReturnValue:
    """A PDF of one's own application, as an attachment."""
    application = queries.get_application(db.session(), application_id, current_actor())
    return send_pdf(application, pdf_id)


@bp.route(f"/apply/<uuid:application_id>/revisions/<{NUMBER}:number>.json")
@requires(Role.ENTERPRISE)
@transactional
def revision_content(application_id: UUID, number: int) -> ResponseReturnValue:
    """The frozen content of a revision of one's own, byte by byte."""
    application = queries.get_application(db.session(), application_id, current_actor())
    return send_content(application, queries.get_numbered_revision(db.session(), application, number))


@bp.route("/staff/cases/<ref>/papers")
@requires(*OFFICE)
@transactional
def case_papers(ref: str) -> ResponseReturnValue:
    """Of each revision the application, the receipt and the frozen content, for the office."""
    application = queries.get_by_ref(db.session(), ref, current_actor())
    return render_template(
        "applications/case_papers.html", application=application, revisions=_revisions(application, office_links(ref))
    )


@bp.route(f"/staff/cases/<ref>/papers/<{OF_REVISIONS}:kind>/<{NUMBER}:number>", methods=["POST"])
@requires(*OFFICE)
@transactional
def request_case_paper(ref: str, kind: str, number: int) -> ResponseReturnValue:
    """Have a PDF of a revision made for the office."""
    application = queries.get_by_ref(db.session(), ref, current_actor())
    _ask(application, kind, number)
    return redirect(url_for("applications.case_papers", ref=ref), 303)


@bp.route("/staff/cases/<ref>/papers/<uuid:pdf_id>")
@requires(*OFFICE)
@transactional
def case_paper(ref: str, pdf_id: UUID) -> ResponseReturnValue:
    """A PDF of a revision, as an attachment, for the office: drafts are the enterprise's own."""
    application = queries.get_by_ref(db.session(), ref, current_actor())
    return send_pdf(application, pdf_id, drafts=False)


@bp.route(f"/staff/cases/<ref>/revisions/<{NUMBER}:number>.json")
@requires(*OFFICE)
@transactional
def case_revision_content(ref: str, number: int) -> ResponseReturnValue:
    """The frozen content of a revision, byte by byte, for the office."""
    application = queries.get_by_ref(db.session(), ref, current_actor())
    return send_content(application, queries.get_numbered_revision(db.session(), application, number))


def own_links(application: Application) -> dict[str, Any]:
    """Where the enterprise finds and asks for its PDFs."""
    here: dict[str, Any] = {"application_id": application.id}
    return {
        "pdf_url": lambda pdf: url_for("applications.paper", pdf_id=pdf.id, **here),
        "ask_url": lambda kind, number: url_for("applications.request_paper", kind=kind, number=number, **here),
        "content_url": lambda number: url_for("applications.revision_content", number=number, **here),
    }


def office_links(ref: str) -> dict[str, Any]:
    """Where the office finds and asks for them."""
    return {
        "pdf_url": lambda pdf: url_for("applications.case_paper", ref=ref, pdf_id=pdf.id),
        "ask_url": lambda kind, number: url_for("applications.request_case_paper", ref=ref, kind=kind, number=number),
        "content_url": lambda number: url_for("applications.case_revision_content", ref=ref, number=number),
    }


def receipt_paper(application: Application, revision: Revision) -> dict[str, Any]:
    """What the page of the receipt shows of its PDF and signature."""
    session, links = db.session(), own_links(application)
    pdf = queries.find_pdf(session, revision, PdfKind.RECEIPT)
    return {
        "paper": presenters.paper_of(
            PdfKind.RECEIPT, pdf, number=revision.number, pdf_url=links["pdf_url"], ask_url=links["ask_url"]
        ),
        "proof": presenters.proof_of(queries.find_receipt(session, revision)),
    }


def send_pdf(application: Application, pdf_id: UUID, *, drafts: bool = True) -> ResponseReturnValue:
    """The bytes of a PDF that has been made; NotFoundError for any other."""
    return send_stored(queries.get_pdf_file(db.session(), application, pdf_id, drafts=drafts))


def send_content(application: Application, revision: Revision) -> ResponseReturnValue:
    """Canonical JSON as it was frozen, so that its SHA-256 is the fingerprint."""
    answer = Response(revision.content.encode(), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{application.ref}-{revision.number}.json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _ask(application: Application, kind: str, number: int) -> None:
    services.ask_for_pdf(db.session(), application, PdfKind(kind), number=number, actor=current_actor(), now=utc_now())


def _revisions(application: Application, links: dict[str, Any]) -> list[presenters.RevisionPapers]:
    session = db.session()
    return presenters.revision_papers(
        queries.list_revisions(session, application),
        queries.list_revision_pdfs(session, application),
        queries.list_receipts(session, application),
        **links,
    )
