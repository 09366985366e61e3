"""The versions of a case, for the office: what was submitted, never what an enterprise has staged."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants.applications import presenters, queries
from grants.db import db, transactional
from grants.desk.views.blueprint import bp
from grants.desk.views.case_file import only_audits
from grants.kernel.actor import STAFF_ROLES
from grants.programmes.domain import AttachedDocument
from grants.web.guards import current_actor, requires


@bp.route("/staff/cases/<ref>/revisions")
@requires(*sorted(STAFF_ROLES))
@transactional
def case_revisions(ref: str) -> ResponseReturnValue:
    """What was asked to be put right, and what changed from one submission to the next."""
    session, actor = db.session(), current_actor()
    application = queries.get_by_ref(session, ref, actor)

    def file_url(file: AttachedDocument, version: str) -> str:
        if only_audits(actor):
            return ""  # an auditor reads what changed, not the papers
        return url_for(
            "applications.frozen_revision_document", ref=ref, number=int(version), slot=file.key, sha256=file.sha256
        )

    view = presenters.revisions_view(
        application,
        queries.list_revisions(session, application),
        queries.list_corrections(session, application),
        chosen=(request.args.get("from"), request.args.get("to")),
        with_private=not only_audits(actor),
        file_url=file_url,
    )
    return render_template("desk/revisions.html", application=application, view=view)
