"""The final list: one prepares, another releases."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import DomainError, InvalidError
from grants.publication import policies, queries, services
from grants.publication.domain import read_content, rows_of, status_of
from grants.publication.errors import NoticeStillRunsError, ObjectionUndecidedError
from grants.publication.forms import PrepareListForm, ReleaseForm
from grants.publication.models import AwardList, Notice
from grants.publication.views.blueprint import bp
from grants.publication.views.office import READERS
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/publication/notices/<ref>/list", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def prepare_list(ref: str) -> ResponseReturnValue:
    """Give the list its number and date, once the notice is over and objections are decided."""
    session, actor, now = db.session(), current_actor(), utc_now()
    notice = _visible_notice(ref)
    form = PrepareListForm(data={"announced_on": local_date(now)})
    if form.validate_on_submit():
        try:
            prepared = services.prepare_award_list(
                session,
                notice,
                doc_no=form.doc_no.data,
                announced_on=form.announced_on.data or local_date(now),
                actor=actor,
                now=now,
            )
        except (InvalidError, NoticeStillRunsError, ObjectionUndecidedError) as error:
            form.show(error)
        else:
            flash(_("名单已编制，请另一人核对后发布。"), "ok")
            return redirect(url_for("publication.office_list", ref=prepared.ref), 303)
    policies.may_prepare_list(actor, notice).require()
    return render_template(
        "publication/prepare_list.html",
        notice=notice,
        published=read_content(notice.content),
        form=form,
        obstacle=_obstacle(notice, form),
    )


@bp.route("/staff/publication/lists/<ref>")
@requires(*READERS)
@transactional
def office_list(ref: str) -> ResponseReturnValue:
    """A list as it was prepared, for whoever checks it."""
    found = _visible_list(ref)
    published, actor = read_content(found.content), current_actor()
    return render_template(
        "publication/office_list.html",
        award_list=found,
        published=published,
        rows=rows_of(published, published.columns, status=status_of(published)),
        may_release=policies.may_release(actor, found),
        due=published.issued_on <= local_date(utc_now()),
        may_discard=policies.may_discard(actor, found),
    )


@bp.route("/staff/publication/lists/<ref>/release", methods=["GET", "POST"])
@requires(*policies.RELEASING_ROLES)
@transactional
def office_release(ref: str) -> ResponseReturnValue:
    """Confirm, then release: it cannot be taken back."""
    session, actor, found, form = db.session(), current_actor(), _visible_list(ref), ReleaseForm()
    if form.validate_on_submit():
        services.release_award_list(session, found, actor=actor, now=utc_now(), sha256=form.sha256.data)
        flash(_("名单已发布。PDF 正在生成，申报单位将收到通知。"), "ok")
        return redirect(url_for("publication.award_list", ref=ref), 303)
    policies.may_release(actor, found).require()
    form.sha256.data = found.sha256
    return render_template(
        "publication/office_release.html", award_list=found, published=read_content(found.content), form=form
    )


@bp.route("/staff/publication/lists/<ref>/discard", methods=["GET", "POST"])
@requires(*policies.RELEASING_ROLES)
@transactional
def office_discard(ref: str) -> ResponseReturnValue:
    """Confirm, then put a prepared list aside."""
    session, actor, found, form = db.session(), current_actor(), _visible_list(ref), ActionForm()
    if form.validate_on_submit():
        services.discard_award_list(session, found, actor=actor, now=utc_now())
        flash(_("名单已作废，可以重新编制。"), "ok")
        return redirect(url_for("publication.office"), 303)
    policies.may_discard(actor, found).require()
    return render_template("publication/office_discard.html", award_list=found, form=form)


def _visible_notice(ref: str) -> Notice:
    return queries.get_notice(db.session(), ref, visible=policies.visible_to(current_actor()))


def _visible_list(ref: str) -> AwardList:
    return queries.get_award_list(db.session(), ref, policies.visible_to(current_actor()))


def _obstacle(notice: Notice, form: PrepareListForm) -> DomainError | None:
    """What keeps the list from being prepared now, to be told before anything is typed."""
    if form.is_submitted():
        return None
    try:
        services.require_settled(db.session(), notice, now=utc_now())
    except DomainError as error:
        return error
    return None
