"""The public home: what is open, what has been published, how it works."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from grants.calls.domain import Phase
from grants.calls.models import Call
from grants.calls.queries import list_calls, list_open, working_calendar
from grants.db import db, transactional
from grants.desk import presenters, queries
from grants.desk.views.blueprint import bp
from grants.kernel.clock import local_date, utc_now
from grants.web.guards import public

SHOWN_UPCOMING = 3
SOON_DAYS = 7


@bp.route("/")
@public
@transactional
def home() -> ResponseReturnValue:
    """Open calls with the days left, the next ones, the latest notices and lists."""
    session, now = db.session(), utc_now()
    calendar = working_calendar(session)
    today = local_date(now)
    news = queries.list_news(session, today=today)
    open_calls = list_open(session, now)

    def left(call: Call) -> dict[str, object]:
        closes_on = local_date(call.closes_at)
        days = (closes_on - today).days
        return {
            "days": days,
            "kind": "soon" if days <= SOON_DAYS else "",
            "words": presenters.left_words(closes_on, today, calendar),
        }

    return render_template(
        "desk/home.html",
        open_calls=open_calls,
        left={call.id: left(call) for call in open_calls},
        upcoming=list_calls(session, Phase.UPCOMING, now=now).items[:SHOWN_UPCOMING],
        news=news,
        facts=queries.read_public_figures(session, today=today),
        summaries=presenters.summaries(open_calls),
        prechecked=presenters.prechecked(open_calls),
    )
