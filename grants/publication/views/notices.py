"""Notices for everybody."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants.calls.queries import working_calendar
from grants.db import db, transactional
from grants.kernel.clock import local_date, utc_now
from grants.publication import policies, presenters, queries
from grants.publication.domain import read_content, rows_of, status_of
from grants.publication.models import Notice
from grants.publication.states import NoticeState
from grants.publication.views.blueprint import FORMATS, bp, content_of, file_of
from grants.web.guards import public


@bp.route("/notices")
@public
@transactional
def list_notices() -> ResponseReturnValue:
    """Notices in force and those followed by their list, the latest first."""
    page = queries.page_of_notices(db.session(), after=request.args.get("after"), before=request.args.get("before"))
    today = local_date(utc_now())
    phases = {notice.id: presenters.notice_phase(notice, today) for notice in page.items}
    return render_template("publication/list_notices.html", page=page, phases=phases)


@bp.route("/notices/<ref>")
@public
@transactional
def notice(ref: str) -> ResponseReturnValue:
    """The formal document with its period, objections and downloads."""
    session, now = db.session(), utc_now()
    found, today = queries.get_notice(session, ref), local_date(now)
    published = read_content(found.content)
    versions = queries.list_versions(session, found)
    left = working_calendar(session).between(today, found.ends_on) if today <= found.ends_on else 0
    return render_template(
        "publication/notice.html",
        notice=found,
        published=published,
        rows=rows_of(published, published.columns, status=status_of(published)),
        phase=presenters.notice_phase(found, today),
        days_left=left,
        may_object=policies.may_object(found, today=today),
        counts=queries.count_objections(session, found.call_id),
        versions=versions,
        award_list=_list_after(found),
    )


@bp.route(f"/notices/<ref>.<{FORMATS}:kind>")
@public
@transactional
def notice_file(ref: str, kind: str) -> ResponseReturnValue:
    """A notice as a file."""
    return file_of(queries.get_notice(db.session(), ref), kind)


@bp.route("/notices/<ref>/content.json")
@public
@transactional
def notice_content(ref: str) -> ResponseReturnValue:
    """The frozen content of a notice, byte by byte."""
    return content_of(queries.get_notice(db.session(), ref))


def _list_after(found: Notice) -> object:
    return queries.list_of_notice(db.session(), found) if found.state is NoticeState.RELEASED else None
