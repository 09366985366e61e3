"""A table as a whole: every column, the order of its rows, copies, deletions and their undoing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from grants.applications import forms, presenters, queries, services
from grants.applications.domain import has_own_rows
from grants.applications.errors import OrderChangedError, RowChangedError
from grants.applications.views.page import Page, bp, load_page, show
from grants.applications.views.rows import row_frame, section_url, table_of
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes.domain import Field
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires

FARTHEST = 1_000_000
PLACES = {"up": -1, "down": 1, "first": -FARTHEST, "last": FARTHEST}
DRAGGED = "by"
SECTION = "section"

_BY = re.compile(r"[+-]\d{1,4}")


class DeleteRowForm(StageForm):
    """Carries a digest of the row as it was shown, and where to go afterwards."""

    seen = HiddenField()
    back = HiddenField()


@bp.route("/apply/<uuid:application_id>/tables/<table>")
@requires(Role.ENTERPRISE)
@transactional
def table(application_id: UUID, table: str) -> ResponseReturnValue:
    """The whole table, with what can be done to all of it."""
    page = load_page(application_id)
    return show_table(page, table_of(page, table))


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>/delete", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def delete_row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """Ask, showing the row; then delete it. A row that was changed meanwhile is shown again."""
    page = load_page(application_id)
    field = table_of(page, table)
    form = DeleteRowForm()
    changed = False
    if form.validate_on_submit():
        try:
            services.delete_row(
                db.session(), page.application, table, row, seen=form.seen.data, actor=current_actor(), now=page.now
            )
        except RowChangedError:
            changed = True
        else:
            return redirect(_after_deletion(page, field, row, form.back.data), 303)
    if not page.draft.has_row(table, row):
        raise NotFoundError(row=row)
    form.seen.data, form.seen.raw_data = page.draft.row_digest(field, row), None
    form.back.data = form.back.data or (SECTION if request.method == "GET" else "")
    facts = presenters.row_facts(page.draft, field, row)
    answer = show(
        "delete_row", page, form=form, table=field, facts=facts, changed=changed, **row_frame(page, field, row)
    )
    return answer, 409 if changed else 200


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>/restore", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def restore_row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """Bring a deleted row back to where it stood."""
    page = load_page(application_id)
    field = table_of(page, table)
    services.restore_row(db.session(), page.application, table, row, actor=current_actor(), now=page.now)
    flash(_("已恢复%(row)s。", row=presenters.row_name(page.draft, field, row)), "success")
    back = (
        section_url(page, field)
        if request.form.get("back") == SECTION
        else table_url(page, field, _anchor=f"row-{row}")
    )
    return redirect(back, 303)


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>/copy", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def copy_row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """Copy a row and open the copy."""
    page = load_page(application_id)
    table_of(page, table)
    new_id = request.form.get("new_id", "")
    services.copy_row(db.session(), page.application, table, row, new_id=new_id, actor=current_actor(), now=page.now)
    flash(_("已复制为新的一行，请改成它自己的内容。按行上传的材料没有复制。"), "success")
    return redirect(url_for("applications.row", application_id=application_id, table=table, row=new_id), 303)


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>/move", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def move_row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """Move a row ``to`` a named place or by so many rows (+3, -2); where the order is no longer the one that was shown,
    show the table as it is."""
    page = load_page(application_id)
    field = table_of(page, table)
    to, seen = request.form.get("to", ""), request.form.get("order")
    places = PLACES.get(to) or (int(to) if _BY.fullmatch(to) else 0)
    if not places or seen is None:
        raise InvalidError("invalid")
    try:
        services.move_row(
            db.session(), page.application, table, row, places=places, seen=seen, actor=current_actor(), now=page.now
        )
    except OrderChangedError as error:
        return show_table(page, field, stale=error.code), 409
    moved = to if to in PLACES else DRAGGED
    return redirect(table_url(page, field, row=row, moved=moved), 303)  # an anchor would take the focus


@bp.route("/apply/<uuid:application_id>/tables/<table>/undo", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def undo_import(application_id: UUID, table: str) -> ResponseReturnValue:
    """Take back the rows an import added and deleted."""
    page = load_page(application_id)
    field = table_of(page, table)
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
        at.astimezone()
    except (ValueError, OverflowError) as error:
        raise InvalidError("invalid") from error
    try:
        count = services.undo_import(db.session(), page.application, table, at=at, actor=current_actor(), now=page.now)
    except RowChangedError:
        return show_table(page, field, stale="import_changed"), 409
    flash(_("已撤销这次导入，涉及 %(n)s 行。", n=count), "success")
    return redirect(table_url(page, field), 303)


def show_table(page: Page, table: Field, *, stale: str = "", form: StageForm | None = None) -> str:
    """The page of a table. ``stale``: why the last step was refused; ``form``: the upload that was."""
    may_order = page.editable and has_own_rows(table) and page.scope.opens_rows(table)
    may_import = page.editable and page.scope.opens_rows(table)
    deleted = queries.list_deleted_rows(db.session(), page.application, table.path) if may_order else ()
    section = page.draft.definition.section_of[table.path]
    named = [item for item in page.correction.items if item.get("path") == table.path] if page.correction else ()
    return show(
        "table",
        page,
        current=section.key,
        table=table,
        sheet=presenters.table_sheet(
            page.application.id, page.draft, table, page.scope, editable=page.editable, moved=request.args
        ),
        undone=presenters.undo_of(page.application.id, page.draft, table, request.args) if may_order else None,
        deleted=presenters.deleted_views(page.application.id, page.draft, table, deleted),
        stale=stale,
        told=presenters.asked_items(page.draft, page.application.id, named),
        may_order=may_order,
        may_import=may_import,
        action=ActionForm(),
        upload=form or forms.WorkbookForm(formdata=None),
        section_url=section_url(page, table),
        section_title=section.title,
    )


def table_url(page: Page, table: Field, **query: Any) -> str:
    """The page of a table; ``_anchor`` for a place on it."""
    return url_for("applications.table", application_id=page.application.id, table=table.path, **query)


def _after_deletion(page: Page, table: Field, row: str, back: str | None) -> str:
    if back == SECTION:
        key = page.draft.definition.section_of[table.path].key
        return url_for(
            "applications.section",
            application_id=page.application.id,
            key=key,
            deleted=f"{table.path}:{row}",
            _anchor=presenters.table_id(table.path),
        )
    return table_url(page, table, deleted=f"{table.path}:{row}")
