"""How much each officer has, and which rules officers overrule."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from grants.calls.models import Call
from grants.db import db, transactional
from grants.desk import overruled, queries
from grants.desk.domain import SOON_DAYS
from grants.desk.views.blueprint import bp
from grants.eligibility import queries as checks
from grants.kernel.actor import Role
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import InvalidError
from grants.web.guards import current_actor, requires

READERS = (Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)


@bp.route("/staff/workload")
@requires(*READERS)
@transactional
def workload() -> ResponseReturnValue:
    """Open, overdue and soon due cases of each officer, and what nobody has."""
    session, actor, today = db.session(), current_actor(), local_date(utc_now())
    calls = calls_of_reader()
    call = _asked(calls)
    return render_template(
        "desk/workload.html",
        options=_options(calls, call),
        call=call,
        loads=checks.list_loads(
            session,
            actor,
            today=today,
            soon_until=today + timedelta(days=SOON_DAYS),
            call_ids=[call.id] if call else [],
        ),
        today=today,
        acts=call is not None and actor.covers(Role.OFFICER, call.ref),
        clean=len(checks.list_clean(session, call, limit=queries.COUNT_CAP + 1)) if call else 0,
    )


@bp.route("/staff/overrules")
@requires(*READERS)
@transactional
def overrules() -> ResponseReturnValue:
    """Which rules were overruled, how often, by whom and why."""
    session, actor, calls = db.session(), current_actor(), calls_of_reader()
    call = _asked(calls) or next(iter(calls), None)
    counts = queries.count_overrules(session, actor, call) if call else ()
    found = queries.count_wanting(session, actor, call, [count.rule for count in counts]) if call else {}
    given = queries.list_overrules_of(session, actor, call) if call else ()
    return render_template(
        "desk/overrules.html",
        options=_options(calls, call),
        call=call,
        rules=overruled.overruled_rules(counts, found, given),
        officers=overruled.by_officer(counts),
        percent=overruled.percent,
    )


@bp.route("/staff/overrules.csv")
@requires(*READERS)
@transactional
def overrules_csv() -> ResponseReturnValue:
    """The same, one line per rule, officer and verdict."""
    session, actor = db.session(), current_actor()
    call = _asked(calls_of_reader())
    if call is None:
        raise InvalidError("bad_filter")
    counts = queries.count_overrules(session, actor, call)
    found = queries.count_wanting(session, actor, call, [count.rule for count in counts])
    name = f"overrules-{call.ref}.csv"
    heads = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(overruled.report_csv(counts, found), mimetype="text/csv; charset=utf-8", headers=heads)


def calls_of_reader() -> list[Call]:
    """The announced calls that the reader is an officer of, or all for those who read everything; newest first."""
    actor = current_actor()
    scopes = frozenset[str]().union(*(actor.scopes(role) for role in READERS))
    return [call for call in queries.list_calls(db.session()) if "*" in scopes or call.ref in scopes]


def _options(calls: list[Call], chosen: Call | None) -> list[tuple[str, str, bool]]:
    """The calls as choices that lead back to this page."""
    return [(f"{call.ref} {call.title}", f"{request.path}?call={call.ref}", call is chosen) for call in calls]


def _asked(calls: list[Call]) -> Call | None:
    """The call of the query string; raises InvalidError for one that no link has made."""
    ref = request.args.get("call")
    found = next((call for call in calls if call.ref == ref), None)
    if ref and found is None:
        raise InvalidError("bad_filter")
    return found
