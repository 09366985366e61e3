"""First pages of submitted files as pictures, for the office."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from grants import documents as files
from grants.applications import queries
from grants.applications.views.documents import OFFICE
from grants.applications.views.page import bp
from grants.db import db, transactional
from grants.kernel.errors import NotFoundError
from grants.web.guards import current_actor, requires
from grants.web.stored import send_stored


@bp.route("/staff/cases/<ref>/documents/<slot>/<sha256>/preview")
@requires(*OFFICE)
@transactional
def frozen_preview(ref: str, slot: str, sha256: str) -> ResponseReturnValue:
    """The first page of a file of the revision in force; NotFoundError while there is none."""
    application = queries.get_by_ref(db.session(), ref, current_actor())
    picture = files.preview_of(db.session(), queries.get_frozen_file(db.session(), application, slot, sha256))
    if picture is None:
        raise NotFoundError(preview=sha256)
    return send_stored(picture, as_attachment=False)
