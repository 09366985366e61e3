"""Rows of tables: each opens into a form of its own page."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from grants.applications import forms, presenters, services
from grants.applications.errors import RowChangedError, RowGoneError
from grants.applications.forms import Asked
from grants.applications.views.page import Page, bp, load_page, show
from grants.applications.views.saving import Saved, Typed, newly_asked, read_typed, store
from grants.applications.views.sections import conflict_views, hints_of
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes.domain import Field, FieldKind
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires

ROW_BYTES = 5
PLACES = {"up": -1, "down": 1}


class DeleteRowForm(StageForm):
    """Carries a digest of the row as it was shown."""

    seen = HiddenField()


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/new")
@requires(Role.ENTERPRISE)
@transactional
def new_row(application_id: UUID, table: str) -> ResponseReturnValue:
    """The empty form of a row; it gets its id here, so that sending it twice makes one row."""
    page = load_page(application_id)
    field = _table(page, table)
    page.verdict.require()
    if not _is_own(field) or not page.scope.opens_rows(field):
        raise NotFoundError(table=table)
    return show_row(page, field, f"r{secrets.token_hex(ROW_BYTES)}", is_new=True)


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """One row: shown, or stored; a row that is not there yet is added by storing it."""
    page = load_page(application_id)
    field = _table(page, table)
    if request.method != "POST":
        if not page.draft.has_row(table, row):
            raise NotFoundError(row=row)
        return show_row(page, field, row)
    page.verdict.require()
    typed = read_typed(page, forms.asked_in(_columns(field), row))
    try:
        return _save(page, field, row, typed)
    except RowGoneError as gone:
        db.session.rollback()
        return _offer_again(load_page(application_id), field, typed, gone), 409


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>/delete", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def delete_row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """Ask, showing the row; then delete it. A row that was changed meanwhile is shown again."""
    page = load_page(application_id)
    field = _table(page, table)
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
            return redirect(_section_url(page, field), 303)
    if not page.draft.has_row(table, row):
        raise NotFoundError(row=row)
    form.seen.data, form.seen.raw_data = page.draft.row_digest(field, row), None
    words = presenters.cell_words(page.draft)
    facts = [(column.label, words.get((column.path, row), "") or "–") for column in field.columns]
    answer = show(
        "delete_row", page, form=form, table=field, facts=facts, changed=changed, **_row_frame(page, field, row)
    )
    return answer, 409 if changed else 200


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>/move", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def move_row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """Move a row one place up or down."""
    page = load_page(application_id)
    field = _table(page, table)
    places = PLACES.get(request.form.get("to", ""))
    if places is None:
        raise InvalidError("invalid")
    services.move_row(db.session(), page.application, table, row, places=places, actor=current_actor(), now=page.now)
    return redirect(_section_url(page, field), 303)


def show_row(page: Page, table: Field, row: str, *, is_new: bool = False, saved: Saved | None = None) -> str:
    """The page of a row: as stored, or as it came back."""
    view = page if page.draft.has_row(table.path, row) else _with_row(page, table, row)
    asked = saved.typed.asked if saved else _asked_now(view, table, row)
    form = saved.typed.form if saved else _filled(view, asked)
    return _render(view, table, row, asked, form, saved=saved, is_new=is_new)


def _render(
    page: Page,
    table: Field,
    row: str,
    asked: tuple[Asked, ...],
    form: forms.AnswerForm,
    *,
    saved: Saved | None = None,
    is_new: bool = False,
    gone: str = "",
) -> str:
    return show(
        "row",
        page,
        current=page.draft.definition.section_of[table.path].key,
        table=table,
        form=form,
        asked=asked,
        computed=presenters.computed_texts(page.draft, table.columns, row),
        hints=hints_of(page, asked, form),
        conflicts=conflict_views(page, saved.conflicts if saved else {}),
        is_new=is_new,
        gone=gone,
        may_order=_is_own(table) and page.editable and page.scope.opens_rows(table) and not is_new,
        slots=[
            slot
            for slot in presenters.slot_views(page.application.id, page.draft, page.scope, editable=page.editable)
            if slot.slot.rows_of == table.path and slot.row == row and not is_new
        ],
        action=ActionForm(),
        wide=presenters.WIDE,
        **_row_frame(page, table, row),
    )


def _row_frame(page: Page, table: Field, row: str) -> dict[str, Any]:
    here: dict[str, Any] = {"application_id": page.application.id, "table": table.path, "row": row}
    return {
        "row_title": presenters.row_title(page.draft, table, row),
        "post_url": url_for("applications.row", **here),
        "move_url": url_for("applications.move_row", **here),
        "delete_url": url_for("applications.delete_row", **here),
        "section_url": _section_url(page, table),
        "section_title": page.draft.definition.section_of[table.path].title,
    }


def _save(page: Page, table: Field, row: str, typed: Typed) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    if _is_own(table) and not page.draft.has_row(table.path, row):
        if typed.is_empty:
            flash(_("这一行还没有填写任何内容，没有添加。"), "caution")
            return redirect(_section_url(page, table), 303)
        services.add_row(session, page.application, table.path, row, actor=actor, now=page.now)
    saved = store(page.application, page, typed)
    if not saved.is_clean:
        return show_row(saved.page, table, row, saved=saved), saved.status
    more = newly_asked(typed, saved.page, forms.asked_in(_columns(table), row))
    if more:
        flash(_("已保存。根据您填写的内容，这一行还有 %(n)s 项需要填写。", n=more), "ok")
        return redirect(url_for("applications.row", application_id=page.application.id, table=table.path, row=row), 303)
    if "another" in request.form:
        return redirect(url_for("applications.new_row", application_id=page.application.id, table=table.path), 303)
    return redirect(_section_url(page, table), 303)


def _offer_again(page: Page, table: Field, typed: Typed, gone: RowGoneError) -> str:
    """The row is gone; what was typed is offered as a new row, under a new id."""
    fresh = f"r{secrets.token_hex(ROW_BYTES)}"
    renamed = {one.name: forms.input_name(one.field.path, fresh) for one in typed.asked}
    asked = tuple(Asked(renamed[one.name], one.field, fresh) for one in typed.asked)
    form = forms.build_answer_form(page.draft.definition, asked)(formdata=None)
    for one in typed.asked:
        form[renamed[one.name]].process_data(typed.form[one.name].data)
    view = _with_row(page, table, fresh)
    form.shown.data = forms.shown_text(view.draft, asked)
    return _render(view, table, fresh, asked, form, is_new=True, gone=gone.code)


def _table(page: Page, path: str) -> Field:
    field = page.draft.definition.fields_by_path.get(path)
    if field is None or field.kind is not FieldKind.TABLE or (path, "") not in page.draft.shown:
        raise NotFoundError(table=path)
    return field


def _is_own(table: Field) -> bool:
    """Whether people add and delete the table's rows."""
    return not table.rows_of and table.fixed_rows is None


def _columns(table: Field) -> list[Field]:
    fixed = table.fixed_rows.column if table.fixed_rows is not None else ""
    return [column for column in table.columns if column.key != fixed]


def _with_row(page: Page, table: Field, row: str) -> Page:
    draft = page.draft.with_row(table.path, row)
    return Page(page.application, page.correction, draft, page.progress, page.scope, page.verdict, page.now)


def _asked_now(page: Page, table: Field, row: str) -> tuple[Asked, ...]:
    opens = page.scope.opens if page.editable else lambda *place: False
    possible = forms.asked_in(_columns(table), row)
    return tuple(one for one in possible if one.place in page.draft.shown and opens(*one.place))


def _filled(page: Page, asked: tuple[Asked, ...]) -> forms.AnswerForm:
    form = forms.build_answer_form(page.draft.definition, asked)(formdata=None)
    forms.fill(form, page.draft, asked)
    return form


def _section_url(page: Page, table: Field) -> str:
    key = page.draft.definition.section_of[table.path].key
    return presenters.section_url(page.application.id, key) + f"#{presenters.table_id(table.path)}"
