"""The operators' page and the mails."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants import documents, notifications, outbox
from grants.config import Settings
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import real_now, utc_now
from grants.kernel.errors import NotFoundError
from grants.ops import broker, health, kinds, presenters, queries, services
from grants.ops.views.blueprint import bp
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/operations")
@requires(Role.ADMINISTRATOR)
@transactional
def operations() -> ResponseReturnValue:
    """Readiness, the lanes, files that wait, dead letters, what is under way."""
    session, instant = db.session(), real_now()
    settings: Settings = current_app.extensions["settings"]
    topic = request.args.get("topic", "") if request.args.get("topic") in outbox.TOPICS else ""
    args = {name: request.args.get(name) for name in ("after", "before")}
    dead, under_way = queries.list_dead(session, topic=topic, **args), queries.list_under_way(session)
    return render_template(
        "ops/operations.html",
        parts=health.readiness(session, broker_url=settings.broker_url, real_now=instant),
        words=presenters.PARTS,
        note_words=presenters.note_words,
        lanes=outbox.lane_status(session, now=instant),
        lane_words=presenters.LANES,
        queues=broker.queue_lengths(settings.broker_url, settings.instance),
        kinds=outbox.list_dead_kinds(session),
        kind_words=kinds.kind_words,
        topic=topic,
        dead=dead,
        scans={str(state): count for state, count in documents.count_scans(session).items()},
        unscanned_since=documents.oldest_unscanned_at(session),
        under_way=under_way,
        refs=queries.refs_of(session, [*dead.items, *under_way]),
        instant=instant,
        now=utc_now(),
        form=ActionForm(),
    )


@bp.route("/staff/operations/dead/<int(max=9223372036854775807):message_id>/retry", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def operations_retry(message_id: int) -> ResponseReturnValue:
    """Send a dead letter again."""
    if ActionForm().validate_on_submit():
        services.revive_message(db.session(), message_id, actor=current_actor(), now=utc_now(), due_at=real_now())
        flash(_("已重新排队，将在几秒内再次执行。"), "ok")
    return redirect(url_for("ops.operations"), 303)


@bp.route("/staff/operations/kinds/<topic>/retry", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def operations_retry_kind(topic: str) -> ResponseReturnValue:
    """Send every dead letter of a kind again."""
    if ActionForm().validate_on_submit():
        due_at = real_now()
        revived = services.revive_kind(db.session(), topic, actor=current_actor(), now=utc_now(), due_at=due_at)
        flash(_("已重新排队 %(n)s 项，正在后台执行。", n=revived), "ok")
    return redirect(url_for("ops.operations"), 303)


@bp.route("/staff/operations/scans/retry", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def operations_scan_again() -> ResponseReturnValue:
    """Have the scans that failed repeated."""
    if ActionForm().validate_on_submit():
        started = services.scan_again(db.session(), actor=current_actor(), now=utc_now(), at=real_now())
        flash(_("已重新开始检查 %(n)s 个文件。", n=started), "ok")
    return redirect(url_for("ops.operations"), 303)


@bp.route("/staff/mails")
@requires(Role.ADMINISTRATOR)
@transactional
def mails() -> ResponseReturnValue:
    """Mails, the latest first."""
    page = notifications.list_mails(db.session(), request.args.get("after"), request.args.get("before"))
    return render_template("ops/mails.html", page=page, readable=_in_folder())


@bp.route("/staff/mails/<uuid:mail_id>")
@requires(Role.ADMINISTRATOR)
@transactional
def mails_read(mail_id: UUID) -> ResponseReturnValue:
    """One mail; only where mails land in a folder, for elsewhere they are private letters."""
    mail = db.session().get(notifications.Mail, mail_id) if _in_folder() else None
    if mail is None:
        raise NotFoundError(mail=str(mail_id))
    return render_template("ops/mail.html", mail=mail)


def _in_folder() -> bool:
    return bool(current_app.extensions["settings"].mail_url.startswith("folder:"))
