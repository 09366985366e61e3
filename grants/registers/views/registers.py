"""All registers, one of them, one of its snapshots."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import NotFoundError
from grants.registers import forms, policies, presenters, queries, services
from grants.registers.domain import REGISTERS, Register
from grants.registers.views.blueprint import bp
from grants.web.guards import current_actor, requires

CODE_LENGTH = 18


@bp.route("/staff/registers")
@requires(*policies.SEE_REGISTERS)
@transactional
def list_registers() -> ResponseReturnValue:
    """Every register: where it comes from, how old it is, how its service does; uploads that wait for a decision."""
    session, now = db.session(), utc_now()
    rows = queries.circuits_by_register(session)
    lines = presenters.register_lines(
        queries.list_newest_snapshots(session, list(REGISTERS), by=local_date(now)),
        {key: services.circuit_of(row) for key, row in rows.items()},
        services.current_services(),
        now=now,
    )
    return render_template(
        "registers/list_registers.html",
        lines=lines,
        imports=queries.list_open_imports(session),
        registers=REGISTERS,
        failure_words=presenters.failure_words,
    )


@bp.route("/staff/registers/<key>")
@requires(*policies.SEE_REGISTERS)
@transactional
def register(key: str) -> ResponseReturnValue:
    """One register."""
    return show_register(get_register(key), forms.UploadTableForm(formdata=None))


@bp.route("/staff/registers/snapshots/<uuid:snapshot_id>")
@requires(*policies.SEE_REGISTERS)
@transactional
def snapshot(snapshot_id: UUID) -> ResponseReturnValue:
    """The records of a snapshot that was taken, of all codes or of one."""
    session = db.session()
    found = queries.get_snapshot(session, snapshot_id)
    uscc = request.args.get("q", "").strip()[:CODE_LENGTH]
    page = queries.page_of_records(
        session, found, uscc=uscc, after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template(
        "registers/snapshot.html",
        snapshot=found,
        register=REGISTERS[found.register],
        page=page,
        uscc=uscc,
        columns=presenters.column_rows(REGISTERS[found.register]),
        value_words=presenters.value_words,
    )


def get_register(key: str) -> Register:
    """A register by its key; raises NotFoundError."""
    if key not in REGISTERS:
        raise NotFoundError(register=key[:20])
    return REGISTERS[key]


def show_register(found: Register, form: forms.UploadTableForm) -> str:
    """The page of a register, with the form that takes a table."""
    session, now = db.session(), utc_now()
    page = queries.page_of_snapshots(
        session, found.key, after=request.args.get("after"), before=request.args.get("before")
    )
    circuit = services.circuit_of(queries.circuits_by_register(session).get(found.key))
    return render_template(
        "registers/register.html",
        register=found,
        columns=presenters.column_rows(found),
        service=services.current_services().get(found.key),
        circuit=circuit,
        circuit_state=circuit.state(now),
        failure_words=presenters.failure_words,
        page=page,
        taken=queries.imports_of(session, page.items),
        imports=queries.list_open_imports(session, found.key),
        form=form,
        may_import=bool(policies.may_import(current_actor())),
    )
