"""The inbox."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants import notifications
from grants.accounts.domain import safe_path
from grants.accounts.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.clock import utc_now
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/inbox")
@requires()
@transactional
def inbox() -> ResponseReturnValue:
    """One's own notices, latest first."""
    page = notifications.list_inbox(
        db.session(), _person_id(), after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template(
        "accounts/inbox.html",
        page=page,
        form=ActionForm(),
        subject_of=notifications.subject_of,
        text_of=notifications.text_of,
    )


@bp.post("/inbox/<uuid:item_id>/open")
@requires()
@transactional
def open_item(item_id: UUID) -> ResponseReturnValue:
    """Mark a notice read and go where it leads."""
    item = notifications.open_item(db.session(), item_id, person_id=_person_id(), now=utc_now())
    return redirect(safe_path(item.path) or url_for("accounts.inbox"), 303)


@bp.post("/inbox/read-all")
@requires()
@transactional
def read_all() -> ResponseReturnValue:
    """Mark every notice read."""
    notifications.mark_all_read(db.session(), person_id=_person_id(), now=utc_now())
    return redirect(url_for("accounts.inbox"), 303)


def _person_id() -> UUID:
    person_id = current_actor().person_id
    assert person_id is not None, "the guard lets people in only"
    return person_id
