"""The PDFs of written notices, for the applicant and for the office."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from grants.applications.queries import get_application, get_by_ref
from grants.db import db, transactional
from grants.eligibility import queries
from grants.eligibility.views.blueprint import bp
from grants.kernel.actor import Role
from grants.web.guards import current_actor, requires
from grants.web.stored import send_stored

OFFICE = (Role.DISTRICT_OFFICER, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)


@bp.route("/apply/<uuid:application_id>/notices/<uuid:decision_id>.pdf")
@requires(Role.ENTERPRISE)
@transactional
def notice(application_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """What was put in writing to one's own unit."""
    application = get_application(db.session(), application_id, current_actor())
    return send_stored(queries.get_notice_file(db.session(), application, decision_id))


@bp.route("/staff/cases/<ref>/notices/<uuid:decision_id>.pdf")
@requires(*OFFICE)
@transactional
def case_notice(ref: str, decision_id: UUID) -> ResponseReturnValue:
    """The same for those who see the case."""
    application = get_by_ref(db.session(), ref, current_actor())
    return send_stored(queries.get_notice_file(db.session(), application, decision_id))
