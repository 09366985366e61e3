"""An upload step by step: received, its columns named, its faults or its difference looked at, taken or given up."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.registers import forms, policies, presenters, queries, services
from grants.registers.domain import REGISTERS
from grants.registers.models import RegisterImport
from grants.registers.views.blueprint import bp
from grants.registers.views.registers import get_register, show_register
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/registers/<key>/imports", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def upload(key: str) -> ResponseReturnValue:
    """Take a table in; a worker reads it."""
    register, form = get_register(key), forms.UploadTableForm()
    if not form.validate_on_submit():
        return show_register(register, form), 422
    policies.may_import(current_actor()).require()
    db.session.rollback()  # no file work within a transaction (decision 16)
    given = form.data
    try:
        services.require_importable(key, source=given["source"], asof_on=given["asof_on"], now=utc_now())
        received = services.keep_table(given["file"].read(), name=given["file"].filename or "")
        made = services.start_import(
            db.session(),
            key,
            received=received,
            source=given["source"],
            asof_on=given["asof_on"],
            actor=current_actor(),
            now=utc_now(),
        )
    except InvalidError as error:
        form.show(error)
        return show_register(register, form), 422
    return redirect(url_for("registers.register_import", import_id=made.id), 303)


@bp.route("/staff/registers/imports/<uuid:import_id>")
@requires(*policies.SEE_REGISTERS)
@transactional
def register_import(import_id: UUID) -> ResponseReturnValue:
    """How an upload stands."""
    return _show(queries.get_import(db.session(), import_id))


@bp.route("/staff/registers/imports/<uuid:import_id>/faults.csv")
@requires(*policies.SEE_REGISTERS)
@transactional
def import_faults(import_id: UUID) -> ResponseReturnValue:
    """Every fault that was kept, for whoever mends the file."""
    found = queries.get_import(db.session(), import_id)
    heads = {"Content-Disposition": f'attachment; filename="faults-{found.register}.csv"'}
    return Response(presenters.faults_csv(found.faults), mimetype="text/csv; charset=utf-8", headers=heads)


@bp.route("/staff/registers/imports/<uuid:import_id>/mapping", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def map_import(import_id: UUID) -> ResponseReturnValue:
    """Say which heading is which column, and have the lines judged."""
    found = queries.get_import(db.session(), import_id)
    policies.may_map(current_actor(), found).require()
    form = forms.build_mapping_form(REGISTERS[found.register], found.headings)
    if not form.validate_on_submit():
        return _show(found, mapping=form), 422
    try:
        services.map_import(db.session(), found, forms.read_mapping(form), actor=current_actor())
    except InvalidError as error:
        form.show(error)
        return _show(found, mapping=form), 422
    return redirect(url_for("registers.register_import", import_id=import_id), 303)


@bp.route("/staff/registers/imports/<uuid:import_id>/compare", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def compare_import(import_id: UUID) -> ResponseReturnValue:
    """Have the difference worked out anew."""
    services.compare_again(db.session(), queries.get_import(db.session(), import_id), actor=current_actor())
    return redirect(url_for("registers.register_import", import_id=import_id), 303)


@bp.route("/staff/registers/imports/<uuid:import_id>/take", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def take_import(import_id: UUID) -> ResponseReturnValue:
    """Let the table count from now on."""
    session, form = db.session(), forms.TakeForm()
    found = queries.get_import(session, import_id)
    try:
        services.take_import(session, found, confirmed=bool(form.confirmed.data), actor=current_actor(), now=utc_now())
    except InvalidError as error:
        form.show(error)
        return _show(found, take=form), 422
    flash(_("已导入。此后的核验以这份数据为准；因缺少这项数据而未能判断的申报会自动重新核验。"), "ok")
    return redirect(url_for("registers.register", key=found.register), 303)


@bp.route("/staff/registers/imports/<uuid:import_id>/discard", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def discard_import(import_id: UUID) -> ResponseReturnValue:
    """Give an upload up."""
    session = db.session()
    found = queries.get_import(session, import_id)
    services.discard_import(session, found, actor=current_actor(), now=utc_now())
    flash(_("已放弃这次导入，现有数据没有变化。"), "ok")
    return redirect(url_for("registers.register", key=found.register), 303)


def _show(found: RegisterImport, *, mapping: StageForm | None = None, take: forms.TakeForm | None = None) -> str:
    register, actor = REGISTERS[found.register], current_actor()
    may_map = policies.may_map(actor, found)
    return render_template(
        "registers/register_import.html",
        upload=found,
        register=register,
        mapping=mapping or (forms.build_mapping_form(register, found.headings, found.mapping) if may_map else None),
        take=take or forms.TakeForm(formdata=None),
        action=ActionForm(formdata=None),
        may_take=bool(policies.may_take(actor, found)),
        may_discard=bool(policies.may_discard(actor, found)),
        columns=presenters.column_rows(register),
        record_words=presenters.record_words,
        change_words=presenters.change_words,
        shown_faults=found.faults[: presenters.FAULTS_SHOWN],
    )
