"""Versions of an application and what changed between them; files of an earlier version, for both sides."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants.applications import presenters, queries
from grants.applications.states import ApplicationState
from grants.applications.views.documents import OFFICE
from grants.applications.views.page import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import AttachedDocument
from grants.web.guards import current_actor, requires
from grants.web.stored import send_stored


@bp.route("/apply/<uuid:application_id>/revisions")
@requires(Role.ENTERPRISE)
@transactional
def revisions(application_id: UUID) -> ResponseReturnValue:
    """Everything submitted so far, what was asked to be put right, what changed; with what is staged now."""
    session = db.session()
    application = queries.get_application(session, application_id, current_actor())
    if not application.revision_no:
        raise NotFoundError(revision=0)
    returned = application.state is ApplicationState.RETURNED
    draft = queries.load_draft(session, application) if returned else None
    attached = {(file.slot, file.row, file.sha256): file.id for file in draft.files} if draft else {}

    def file_url(file: AttachedDocument, version: str) -> str:
        if version == presenters.DRAFT:
            attachment_id = attached[file.key, file.row or "", file.sha256]
            return url_for("applications.download", application_id=application_id, attachment_id=attachment_id)
        return url_for(
            "applications.revision_document",
            application_id=application_id,
            number=int(version),
            slot=file.key,
            sha256=file.sha256,
        )

    view = presenters.revisions_view(
        application,
        queries.list_revisions(session, application),
        queries.list_corrections(session, application),
        draft=draft,
        chosen=(request.args.get("from"), request.args.get("to")),
        with_private=True,
        file_url=file_url,
    )
    return render_template(
        "applications/revisions.html", application=application, heading=presenters.heading(application), view=view
    )


@bp.route("/apply/<uuid:application_id>/revisions/<int:number>/<slot>/<sha256>")
@requires(Role.ENTERPRISE)
@transactional
def revision_document(application_id: UUID, number: int, slot: str, sha256: str) -> ResponseReturnValue:
    """A file of a version of one's own application, replaced since or not."""
    session = db.session()
    application = queries.get_application(session, application_id, current_actor())
    revision = queries.get_numbered_revision(session, application, number)
    return send_stored(queries.get_frozen_file(session, application, slot, sha256, revision=revision))


@bp.route("/staff/cases/<ref>/revisions/<int:number>/<slot>/<sha256>")
@requires(*OFFICE)
@transactional
def frozen_revision_document(ref: str, number: int, slot: str, sha256: str) -> ResponseReturnValue:
    """A file of an earlier version, for the office."""
    session = db.session()
    application = queries.get_by_ref(session, ref, current_actor())
    revision = queries.get_numbered_revision(session, application, number)
    return send_stored(queries.get_frozen_file(session, application, slot, sha256, revision=revision))
