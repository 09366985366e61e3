"""The case file: one long page with everything an officer needs, and the decision at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from grants.accounts.queries import failing_members
from grants.applications.domain.steps import NO_LAST_DAY
from grants.applications.models import Application
from grants.applications.queries import get_by_ref, list_file_facts
from grants.applications.states import ApplicationState
from grants.audit import AuditEntry
from grants.calls.queries import working_calendar
from grants.db import db, transactional
from grants.desk import presenters, queries
from grants.desk.casefile import build_case_file
from grants.desk.domain import HistoryEntry, Urgency, urgency
from grants.desk.findings import RecordUrl
from grants.desk.timeline import people_in, timeline_for_office
from grants.desk.views.blueprint import bp
from grants.eligibility import policies
from grants.eligibility import queries as checks
from grants.eligibility.domain import Standing
from grants.kernel.actor import STAFF_ROLES, Actor, Role
from grants.kernel.clock import local_date, utc_now
from grants.kernel.verdict import Verdict
from grants.web.guards import current_actor, may_open, requires


@bp.route("/staff/cases/<ref>")
@requires(*sorted(STAFF_ROLES))
@transactional
def case_file(ref: str) -> ResponseReturnValue:
    """Answers with findings beside them, documents, decisions, the way the case has gone."""
    session, actor, now = db.session(), current_actor(), utc_now()
    application = get_by_ref(session, ref, actor)
    rows = queries.read_case_rows(session, application)
    entries = queries.list_entries(session, application.id)
    assigns = bool(policies.may_assign(actor, application))
    people = queries.read_people(
        session, people_in(entries), rows.revision.id, officers_of=application.call if assigns else None
    )
    rows, names = replace(rows, overrules=people.overrules), {} if only_audits(actor) else people.names
    calendar = working_calendar(session)
    last_day = None if application.due_on == NO_LAST_DAY else application.due_on
    standing = checks.build_standing(
        application,
        rows.runs,
        opinion=rows.opinion,
        overrules=rows.overrules,
        corrections=rows.corrections,
        decided=rows.decision is not None and rows.decision.revision_id == rows.revision.id,
        given_up=rows.given_up,
        now=now,
    )
    history = [HistoryEntry(entry.kind, entry.at) for entry in entries]
    return render_template(
        "desk/case_file.html",
        application=application,
        rows=rows,
        case=build_case_file(
            application,
            rows,
            list_file_facts(session, application),
            names=names,
            with_private=not only_audits(actor),
            record_url=_record_url(application) if may_open("registers.snapshot") else None,
        ),
        standing=standing,
        given_up=presenters.later_check_words(standing.given_up),
        steps=presenters.steps_shown(application, history, due_on=last_day),
        due_words=presenters.left_words(last_day, local_date(now), calendar) if last_day else "",
        late=urgency(last_day, local_date(now)) is Urgency.LATE,
        timeline_items=timeline_for_office(entries, names, rounds=standing.rounds),
        notices=checks.list_notices(session, application) if has_been_written_to(entries) else (),
        failing={} if only_audits(actor) else failing_members(session, application.organisation_id),
        actions=actions_of(actor, application, standing, rows),
        may_overrule=policies.may_overrule(actor, application, standing),
        own_id=actor.person_id if assigns else None,
        colleagues=people.colleagues,
    )


def has_been_written_to(entries: Sequence[AuditEntry]) -> bool:
    """Whether anything was put in writing to the applicant, decisions that were taken back included."""
    return any(entry.kind == "formal_notice.issued" for entry in entries)


def actions_of(actor: Actor, application: Application, standing: Standing, rows: queries.CaseRows) -> dict[str, Any]:
    """What the reader may do here, each with the reason where not; empty for readers who decide nothing."""
    found: dict[str, Any] = {}
    if application.state is ApplicationState.REJECTED and actor.covers(Role.OFFICER, application.call.ref):
        over = checks.is_round_public(db.session(), application.call_id)
        return {"reconsider": reconsider_verdict(actor, application, rows, over=over)}
    if application.state is ApplicationState.ACCEPTED and actor.covers(Role.OFFICER, application.call.ref):
        return revoking_actions(actor, application, standing)
    if actor.covers(Role.OFFICER, application.call.ref):
        found["accept"] = policies.may_accept(actor, application, standing)
        found["return"] = policies.may_return(actor, application, standing)
        found["reject"] = policies.may_reject(actor, application, standing)
        found["recheck"] = policies.may_recheck(actor, application, standing)
    if actor.covers(Role.DISTRICT_OFFICER, application.district_code or ""):
        found["opinion"] = policies.may_give_opinion(actor, application)
    return found


def revoking_actions(actor: Actor, application: Application, standing: Standing) -> dict[str, Any]:
    """Against an acceptance: propose that it be revoked, or decide what is proposed."""
    proposal = checks.find_open_revocation(db.session(), application)
    if proposal is not None:
        return {"decide_revocation": policies.may_refuse_revocation(actor, application, proposal), "proposal": proposal}
    return {"propose_revocation": policies.may_propose_revocation(actor, application, standing, None)}


def reconsider_verdict(actor: Actor, application: Application, rows: queries.CaseRows, *, over: bool) -> Verdict:
    """Whether there is anything that the reader may say of the rejection; if not, why it cannot be taken back."""
    said = (application, rows.decision, rows.reconsideration)
    verdicts = [may(actor, *said, over=over) for may in policies.ANSWERS.values()]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])


def _record_url(application: Application) -> RecordUrl:
    """From a snapshot to what it says of the applicant."""
    return lambda snapshot: url_for("registers.snapshot", snapshot_id=snapshot, q=application.organisation.uscc)


def only_audits(actor: Actor) -> bool:
    """Auditors read without personal data (decision 10)."""
    return actor.has(Role.AUDITOR) and not actor.has(*(STAFF_ROLES - {Role.AUDITOR}))
