"""The enterprise's side: what needs doing first, every application with its steps, one application's status page."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants.applications.policies import kept_until_of, may_discard, may_restore, may_withdraw
from grants.applications.queries import get_application, list_for_enterprise, list_progress
from grants.applications.states import ApplicationState
from grants.calls.queries import working_calendar
from grants.db import db, transactional
from grants.desk import queries
from grants.desk.enterprise import build_card, build_status, list_todo
from grants.desk.views.blueprint import bp
from grants.eligibility.policies import may_ask_reconsideration
from grants.kernel.actor import Role
from grants.kernel.clock import local_date, utc_now
from grants.web.guards import current_actor, requires


@bp.route("/apply/")
@requires(Role.ENTERPRISE)
@transactional
def enterprise_home() -> ResponseReturnValue:
    """What needs the enterprise first, by deadline; then each application with its step bar."""
    session, actor, now = db.session(), current_actor(), utc_now()
    page = list_for_enterprise(
        session, actor, after=request.args.get("after"), before=request.args.get("before"), limit=10
    )
    ids = [application.id for application in page.items]
    drafts = [application for application in page.items if application.state is ApplicationState.DRAFT]
    calendar = working_calendar(session)
    histories = queries.list_histories(session, ids)
    corrections = queries.list_corrections_due(session, ids)
    on_record = queries.calls_on_record(session, {application.call_id for application in page.items})
    progress = list_progress(session, drafts)
    cards = [
        build_card(
            application,
            histories[application.id],
            calendar,
            correction=corrections.get(application.id),
            progress=progress.get(application.id),
            on_record=application.call_id in on_record,
            now=now,
        )
        for application in page.items
    ]
    return render_template(
        "desk/enterprise_home.html",
        cards=cards,
        todo=list_todo(cards),
        page=page,
        organisations=queries.list_organisations(session, actor),
    )


@bp.route("/apply/<uuid:application_id>/")
@requires(Role.ENTERPRISE)
@transactional
def enterprise_application(application_id: UUID) -> ResponseReturnValue:
    """One application: where it stands, what was found, what comes next and by when, the way it has gone."""
    session, actor, now = db.session(), current_actor(), utc_now()
    application = get_application(session, application_id, actor)
    status = build_status(
        session,
        application,
        calendar=working_calendar(session),
        progress=list_progress(session, [application]),
        now=now,
    )
    return render_template(
        "desk/enterprise_application.html",
        application=application,
        status=status,
        withdrawal=may_withdraw(actor, application),
        reconsidering=may_ask_reconsideration(
            actor, application, status.decision, status.reconsideration, today=local_date(now)
        ),
        discarding=may_discard(actor, application),
        restoring=may_restore(actor, application, now=now),
        kept_until=kept_until_of(application),
    )
