"""The office's worklist: saved views, counts, filters in the query string, keyset pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications.domain.steps import NO_LAST_DAY
from grants.db import db, transactional
from grants.desk import presenters, queries
from grants.desk import worklist as work
from grants.desk.domain import urgency
from grants.desk.views.blueprint import bp
from grants.eligibility.queries import Officer, list_officers
from grants.kernel.actor import STAFF_ROLES, Role
from grants.kernel.clock import local_date, utc_now
from grants.kernel.districts import DISTRICTS
from grants.web.guards import current_actor, may_open, requires
from grants.web.wording import state_label


@bp.route("/staff/")
@requires(*sorted(STAFF_ROLES))
@transactional
def worklist() -> ResponseReturnValue:
    """What waits for the reader, and everything else they may see."""
    session, actor, now = db.session(), current_actor(), utc_now()
    today = local_date(now)
    calls = queries.list_call_names(session)
    asked = work.read_arguments(actor, request.args, today)
    views = work.views_for(actor, today)
    wanted = work.filter_of(asked, calls, actor)
    cursors = {"after": request.args.get("after"), "before": request.args.get("before")}
    page = queries.list_work(session, actor, wanted, by_due=asked.by_due, **cursors)
    counts = queries.count_work(session, actor, work.counted(views, calls))
    officers = list_officers(session) if actor.has(Role.OFFICER) else []
    return render_template(
        "desk/worklist.html",
        asked=asked,
        page=page,
        due={row.id: _due(row, today) for row in page.items},
        amounts={row.id: presenters.wan_aligned(row.requested_fen) for row in page.items},
        groups=_groups(asked, views, counts),
        chips=_chips(asked, calls, officers),
        title=_title(asked),
        officers=officers,
        own_id=actor.person_id,
        here=_address({**asked.arguments, **{key: value for key, value in cursors.items() if value}}),
        sort_url=_address(asked.put("sort", "id" if asked.by_due else work.BY_DUE)),
    )


def _due(row: Any, today: date) -> dict[str, Any]:
    last_day = None if row.due_on == NO_LAST_DAY else row.due_on
    return {"day": last_day, "kind": urgency(last_day, today)}


def _title(asked: work.Asked) -> str:
    state = asked.filters.get("state")
    return state_label(f"application.{state}") if state and asked.view is work.ALL else str(asked.view.label)


def _groups(asked: work.Asked, views: tuple[work.View, ...], counts: dict[str, int]) -> list[Any]:
    state = asked.filters.get("state") if asked.view is work.ALL else None
    own = [
        (
            str(view.label),
            _address({"view": view.key}),
            work.count_words(counts[f"view.{view.key}"]) if view is not work.ALL else "",
            view.key == asked.view.key and state is None,
            view.late and bool(counts[f"view.{view.key}"]),
        )
        for view in views
    ]
    states = [
        (
            state_label(f"application.{name}"),
            _address({"view": work.ALL.key, "state": str(name)}),
            work.count_words(counts[f"state.{name}"]),
            state == str(name),
            False,
        )
        for name in work.STATES
        if counts[f"state.{name}"] or state == str(name)
    ]
    return [(_("我的"), own), (_("按状态"), states), *_tools()]


def _tools() -> list[Any]:
    """The pages around the worklist, for those they serve."""
    pages = (
        (_("工作量"), "desk.workload"),
        (_("批量受理"), "eligibility.acceptances"),
        (_("改判统计"), "desk.overrules"),
    )
    links = [(words, url_for(endpoint), "", False) for words, endpoint in pages if may_open(endpoint)]
    return [(_("工具"), links)] if links else []


def _chips(asked: work.Asked, calls: Sequence[Any], officers: Sequence[Officer]) -> list[dict[str, Any]]:
    """The filters as chips: one that is on takes itself off, the others open a list."""
    lists: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "call": (_("批次"), [(call.ref, _call_words(call)) for call in calls]),
        "state": (_("状态"), [(str(state), state_label(f"application.{state}")) for state in work.STATES]),
        "district": (_("区"), list(DISTRICTS.items())),
        "verdict": (_("核验结论"), [(key, str(words)) for key, (words, _found) in work.VERDICTS.items()]),
    }
    if officers:
        people = [(str(officer.id), officer.name) for officer in officers]
        lists["officer"] = (_("经办人"), [(work.ME, _("我自己")), (work.NO_ONE, _("未指派")), *people])
    chips: list[dict[str, Any]] = []
    here = _address(asked.arguments)  # seventy addresses begin so
    for key, (label, options) in lists.items():
        chosen = asked.filters.get(key)
        if chosen is None:
            start = f"{here}&{key}="
            links = [(words, start + quote_plus(value), False) for value, words in options]
            chips.append({"label": label, "options": links})
        else:
            words = dict(options).get(chosen, label)
            chips.insert(0, {"label": words, "url": _address(asked.without(key))})
    return chips


def _address(arguments: dict[str, Any]) -> str:
    return f"{request.path}?{urlencode(arguments)}"  # fifty of these: url_for would cost more than the table


def _call_words(call: Any) -> str:
    return f"{call.ref} {call.title}"
