"""Files: the page of all slots, upload, download, removal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from grants import documents as files
from grants.applications import presenters, queries, services
from grants.applications.views.page import Page, bp, load_page, show
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes.domain import DocumentSlot
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires
from grants.web.stored import send_stored
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
    """Take files in without a script. They are proved and kept before the transaction that attaches them begins.

    What can be attached is, what is refused is named: nobody has to choose the good ones again.
    """
    actor, now = current_actor(), utc_now()
    application = queries.get_application(db.session(), application_id, actor)
    row = request.form.get("row", "")
    wanted = services.require_slot(db.session(), application, slot, row, actor=actor, now=now)
    db.session.rollback()  # no file work within a transaction (decision 16)
    slot_id = presenters.slot_id(slot, row)
    received, refused = _take_in(request.files.getlist(f"{slot_id}-file"), wanted)
    application = queries.get_application(db.session(), application_id, actor)
    for file in received:
        if services.holds_file(db.session(), application, slot, row, file):
            flash(presenters.already_here(file.name), "caution")
        try:
            services.attach_file(db.session(), application, slot, row, file, actor=actor, now=now)
        except InvalidError as error:
            refused.append(_sentence(file.name, error))
    if refused:
        return show_documents(load_page(application_id), {slot_id: refused}), 422
    return redirect(_after_upload(application_id, wanted, row), 303)


@bp.route("/apply/<uuid:application_id>/files/<uuid:attachment_id>")
@requires(Role.ENTERPRISE)
@transactional
def download(application_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """A file of one's own application, replaced ones too, as an attachment."""
    application = queries.get_application(db.session(), application_id, current_actor())
    return send_stored(queries.get_attachment(db.session(), application, attachment_id).file)


@bp.route("/apply/<uuid:application_id>/files/<uuid:attachment_id>/preview")
@requires(Role.ENTERPRISE)
@transactional
def preview(application_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """The first page of a file of one's own application, as a picture; NotFoundError while there is none."""
    application = queries.get_application(db.session(), application_id, current_actor())
    attachment = queries.get_attachment(db.session(), application, attachment_id)
    picture = files.preview_of(db.session(), attachment.file)
    if picture is None:
        raise NotFoundError(preview=str(attachment_id))
    return send_stored(picture, as_attachment=False)


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
    if attachment.removed_at is not None:
        raise NotFoundError(attachment=str(attachment_id))
    form = ActionForm()
    anchor = presenters.slot_id(attachment.slot_key, attachment.row_id)
    back = url_for("applications.documents", application_id=application_id, _anchor=anchor)
    if form.validate_on_submit():
        services.remove_file(db.session(), page.application, attachment, actor=current_actor(), now=page.now)
        return redirect(back, 303)
    slot = page.draft.definition.document(attachment.slot_key)
    return show("remove_file", page, current="documents", form=form, attachment=attachment, slot=slot, back=back)


def show_documents(page: Page, failed: dict[str, list[str]] | None = None) -> str:
    """The page of all slots; ``failed``: sentences by slot id where a file was refused."""
    views = slots_of(page)
    before = page.neighbours("documents")[0]
    return show(
        "documents",
        page,
        current="documents",
        slots=views,
        failed=failed or {},
        missing=sum(view.is_missing for view in views),
        back=presenters.section_url(page.application.id, before) if before else None,
        back_title=page.title_of(before),
    )


def slots_of(page: Page) -> list[presenters.SlotView]:
    """Every slot with its files, the earlier ones, and what the reader has on the way."""
    session, application = db.session(), page.application
    beside = presenters.Beside(
        queries.list_unfinished(session, application, current_actor()),
        queries.list_earlier_files(session, application),
        files.previewed(session, {file.sha256 for file in page.draft.files}),
    )
    return presenters.slot_views(application.id, page.draft, page.scope, editable=page.editable, beside=beside)


def _take_in(chosen: Sequence[FileStorage], slot: DocumentSlot) -> tuple[list[files.Received], list[str]]:
    """Prove and keep what was chosen, no more than the slot takes; and a sentence for each file that is refused."""
    given = [file for file in chosen if file.filename]
    received: list[files.Received] = []
    refused = [] if given else [reason_text("file_missing")]
    if len(given) > slot.max_files:
        refused.append(reason_text("too_many_files", {"limit": slot.max_files}))
    for file in given[: slot.max_files]:
        name = str(file.filename)
        limits: dict[str, Any] = {"accept": slot.accept, "max_bytes": slot.max_bytes, "max_pages": slot.max_pages}
        try:
            received.append(files.receive_upload(file.stream, name=name, **limits))
        except files.RefusedFileError as error:
            refused.append(_sentence(name, error))
    return received, refused


def _sentence(name: str, error: InvalidError) -> str:
    return f"{files.clean_name(name)}{_('：')}{reason_text(error.code, error.facts)}"


def _after_upload(application_id: UUID, slot: DocumentSlot, row: str) -> str:
    """Back to where the form stood: the page of the row, or that of all files."""
    anchor = presenters.slot_id(slot.key, row)
    if row and request.form.get("from") == "row":
        where: dict[str, Any] = {"application_id": application_id, "table": slot.rows_of, "row": row}
        return url_for("applications.row", **where, _anchor=anchor)
    return url_for("applications.documents", application_id=application_id, _anchor=anchor)
