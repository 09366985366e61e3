"""Files: the page of all slots, upload, download, removal."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from grants import documents as files
from grants.applications import forms, presenters, queries, services
from grants.applications.views.page import Page, bp, load_page, show
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires
from grants.web.wording import reason_text

OFFICE = (Role.DISTRICT_OFFICER, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)


@bp.route("/apply/<uuid:application_id>/documents")
@requires(Role.ENTERPRISE)
@transactional
def documents(application_id: UUID) -> ResponseReturnValue:
    """Every slot with its files."""
    return show_documents(load_page(application_id))


@bp.route("/apply/<uuid:application_id>/documents/<slot>", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def upload(application_id: UUID, slot: str) -> ResponseReturnValue:
    """Take one file in. It is proved and kept before the transaction that attaches it begins."""
    actor, now = current_actor(), utc_now()
    application = queries.get_application(db.session(), application_id, actor)
    row = request.form.get("row", "")
    wanted = services.require_slot(db.session(), application, slot, row, actor=actor, now=now)
    db.session.rollback()  # no file work within a transaction (decision 16)
    slot_id = presenters.slot_id(slot, row)
    form = forms.build_upload_form(wanted)(prefix=f"{slot_id}-")
    try:
        if not form.validate() or form.file.data is None:
            raise InvalidError("file_missing")
        received = files.receive_upload(
            form.file.data.stream,
            name=form.file.data.filename or "",
            accept=wanted.accept,
            max_bytes=wanted.max_bytes,
            max_pages=wanted.max_pages,
        )
        application = queries.get_application(db.session(), application_id, actor)
        services.attach_file(db.session(), application, slot, row, received, actor=actor, now=now)
    except InvalidError as error:
        db.session.rollback()
        sentences = form.file.errors or [reason_text(error.code, error.facts)]
        failed = {slot_id: [str(sentence) for sentence in sentences]}
        return show_documents(load_page(application_id), failed), 422
    return redirect(url_for("applications.documents", application_id=application_id, _anchor=slot_id), 303)


@bp.route("/apply/<uuid:application_id>/files/<uuid:attachment_id>")
@requires(Role.ENTERPRISE)
@transactional
def download(application_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """A file of one's own application, as an attachment."""
    application = queries.get_application(db.session(), application_id, current_actor())
    return send_stored(queries.get_attachment(db.session(), application, attachment_id).file)


@bp.route("/staff/cases/<ref>/documents/<slot>/<sha256>")
@requires(*OFFICE)
@transactional
def frozen_document(ref: str, slot: str, sha256: str) -> ResponseReturnValue:
    """A file of the revision in force, for the office."""
    application = queries.get_by_ref(db.session(), ref, current_actor())
    return send_stored(queries.get_frozen_file(db.session(), application, slot, sha256))


@bp.route("/apply/<uuid:application_id>/files/<uuid:attachment_id>/remove", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def remove_file(application_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Ask, then take the file out of its slot."""
    page = load_page(application_id)
    attachment = queries.get_attachment(db.session(), page.application, attachment_id)
    form = ActionForm()
    back = url_for("applications.documents", application_id=application_id, _anchor=f"slot-{attachment.slot_key}")
    if form.validate_on_submit():
        services.remove_file(db.session(), page.application, attachment, actor=current_actor(), now=page.now)
        return redirect(back, 303)
    slot = page.draft.definition.document(attachment.slot_key)
    return show("remove_file", page, current="documents", form=form, attachment=attachment, slot=slot, back=back)


def show_documents(page: Page, failed: dict[str, list[str]] | None = None) -> str:
    """The page of all slots; ``failed``: sentences by slot id where a file was refused."""
    views = presenters.slot_views(page.application.id, page.draft, page.scope, editable=page.editable)
    uploads = {}
    for view in views:
        if view.editable and view.has_room:
            form = forms.build_upload_form(view.slot)(formdata=None, prefix=f"{view.id}-")
            form.file.errors = (failed or {}).get(view.id, [])
            uploads[view.id] = form
    before, _ = page.neighbours("documents")
    return show(
        "documents",
        page,
        current="documents",
        slots=views,
        uploads=uploads,
        failed=failed or {},
        missing=sum(view.is_missing for view in views),
        back=presenters.section_url(page.application.id, before) if before else None,
        back_title=page.title_of(before),
    )


def send_stored(file: files.StoredFile) -> ResponseReturnValue:
    """The bytes as an attachment under the name they came with; the browser may not guess another type."""
    stream = files.open_file(file)
    db.session.rollback()  # the bytes travel without a transaction
    answer = send_file(stream, mimetype=file.content_type, as_attachment=True, download_name=file.name)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
