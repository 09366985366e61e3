"""Files in pieces, for the script of the page of files: begun, sent on, finished or given up; the answers are JSON.

Every step may be asked for again: a file begun twice is one upload, a piece that is there stays, a file is attached
once. So a script that has lost an answer asks where the upload stands, and goes on.
"""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from grants import documents as files
from grants.applications import forms, presenters, queries, services
from grants.applications.models import Application, SlotUpload
from grants.applications.views.page import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.programmes.domain import DocumentSlot
from grants.web.guards import current_actor, requires, wants_json

OFFSET = "Upload-Offset"
DIGITS = 13


@bp.route("/apply/<uuid:application_id>/uploads", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def begin_upload(application_id: UUID) -> ResponseReturnValue:
    """Begin an upload, or find the one that the same person began with the same file."""
    application = queries.get_application(db.session(), application_id, current_actor())
    form = forms.NewUploadForm()
    if not form.validate():
        raise InvalidError("invalid")
    upload = services.begin_upload(
        db.session(),
        application,
        form.slot.data or "",
        form.row.data or "",
        name=form.name.data or "",
        size_bytes=form.size.data or 0,
        mark=form.mark.data or "",
        actor=current_actor(),
        now=utc_now(),
    )
    return jsonify(presenters.upload_view(application_id, upload)), 201


@bp.route("/apply/<uuid:application_id>/uploads/<uuid:upload_id>")
@requires(Role.ENTERPRISE)
@transactional
def upload_state(application_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    """How far an upload of one's own has come."""
    return _state(application_id, upload_id)


@bp.route("/apply/<uuid:application_id>/uploads/<uuid:upload_id>", methods=["PATCH"])
@requires(Role.ENTERPRISE)
@transactional
def send_piece(application_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    """Take a piece in, from ``Upload-Offset`` on; 409 says where to go on instead."""
    _, upload = _own(application_id, upload_id)
    offset = _offset()
    if upload.attachment_id is not None:
        return _state(application_id, upload_id)
    progress = upload.upload.progress
    db.session.rollback()  # the bytes travel without a transaction
    try:
        to = files.write_piece(progress, request.stream, offset=offset, length=request.content_length)
    except files.OutOfPlaceError as error:
        files.move_on(db.session(), progress, to=error.offset, now=utc_now())
        return _state(application_id, upload_id, 409)
    moved = files.move_on(db.session(), progress, to=to, now=utc_now())
    return _state(application_id, upload_id, 200 if moved else 409)


@bp.route("/apply/<uuid:application_id>/uploads/<uuid:upload_id>/finish", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def finish_upload(application_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    """Prove a complete upload and attach it; again, the same attachment. 409 where something is missing of it."""
    actor, now = current_actor(), utc_now()
    application, upload = _own(application_id, upload_id)
    if upload.attachment_id is not None:
        return jsonify(presenters.arrived(upload, is_new=True))
    slot = services.require_slot(db.session(), application, upload.slot_key, upload.row_id, actor=actor, now=now)
    progress = upload.upload.progress
    db.session.rollback()  # no file work within a transaction (decision 16)
    try:
        received = _receive(progress, slot)
    except files.OutOfPlaceError as error:
        files.move_on(db.session(), progress, to=error.offset, now=now)
        return _state(application_id, upload_id, 409)
    application, upload = _own(application_id, upload_id)
    is_new = not services.holds_file(db.session(), application, upload.slot_key, upload.row_id, received)
    services.attach_upload(db.session(), application, upload_id, received, actor=actor, now=now)
    return jsonify(presenters.arrived(upload, is_new=is_new))


@bp.route("/apply/<uuid:application_id>/uploads/<uuid:upload_id>/discard", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def discard_upload(application_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    """Give up an upload on its way; what has been attached stays."""
    _, upload = _own(application_id, upload_id)
    place = presenters.slot_id(upload.slot_key, upload.row_id)
    if upload.attachment_id is None:
        services.discard_upload(db.session(), upload)
    if wants_json():
        return jsonify(slot=place)
    return redirect(url_for("applications.documents", application_id=application_id, _anchor=place), 303)


def _receive(progress: files.Progress, slot: DocumentSlot) -> files.Received:
    with files.opened_upload(progress) as stream:
        return files.receive_upload(
            stream, name=progress.name, accept=slot.accept, max_bytes=slot.max_bytes, max_pages=slot.max_pages
        )


def _own(application_id: UUID, upload_id: UUID) -> tuple[Application, SlotUpload]:
    application = queries.get_application(db.session(), application_id, current_actor())
    return application, queries.get_upload(db.session(), application, upload_id, current_actor())


def _state(application_id: UUID, upload_id: UUID, status: int = 200) -> ResponseReturnValue:
    db.session.expire_all()  # a piece moves the row past the session
    _, upload = _own(application_id, upload_id)
    return jsonify(presenters.upload_view(application_id, upload)), status


def _offset() -> int:
    said = request.headers.get(OFFSET, "")
    if not said.isascii() or not said.isdigit() or len(said) > DIGITS:
        raise InvalidError("upload_piece_invalid")
    return int(said)
