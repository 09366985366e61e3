"""Objecting: open to everybody who gives their name, while the notice runs."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import InvalidError
from grants.publication import policies, queries, services
from grants.publication.domain import read_content
from grants.publication.forms import ObjectionForm
from grants.publication.models import Notice, Objection
from grants.publication.services import ObjectionStatement
from grants.publication.views.blueprint import OBJECTIONS, bp, limiter
from grants.web.guards import public


@bp.route("/notices/<ref>/object", methods=["GET", "POST"])
@public
@limiter.limit(OBJECTIONS, methods=["POST"])
@transactional
def object_to(ref: str) -> ResponseReturnValue:
    """File an objection to one item."""
    notice = queries.get_notice(db.session(), ref)
    published, form = read_content(notice.content), ObjectionForm(data={"project_no": request.args.get("item")})
    form.offer(published)
    if form.validate_on_submit():
        try:
            objection = _file(notice, form)
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for("publication.objection", objection_id=objection.id), 303)
    policies.may_object(notice, today=local_date(utc_now())).require()
    return render_template("publication/object_to.html", notice=notice, published=published, form=form)


@bp.route("/notices/objections/<uuid:objection_id>")
@public
@transactional
def objection(objection_id: UUID) -> ResponseReturnValue:
    """The objector's receipt, and later the reply; who objected is not shown again."""
    found = queries.get_objection(db.session(), objection_id)
    return render_template("publication/objection.html", objection=found)


def _file(notice: Notice, form: ObjectionForm) -> Objection:
    statement = ObjectionStatement(
        project_no=form.project_no.data,
        name=form.name.data.strip(),
        is_unit=form.kind.data == "unit",
        phone=form.phone.data.strip(),
        email=(form.email.data or "").strip(),
        grounds=form.grounds.data.strip(),
    )
    return services.file_objection(db.session(), notice, statement, now=utc_now())
