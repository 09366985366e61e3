"""Rows of tables: each opens into a form of its own page."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import forms, presenters, services
from grants.applications.domain import has_own_rows, order_mark
from grants.applications.errors import RowGoneError
from grants.applications.forms import Asked
from grants.applications.views.beside import later_of, listed_talks, talks_of
from grants.applications.views.documents import slots_of
from grants.applications.views.page import Page, bp, load_page, show
from grants.applications.views.saving import Saved, Typed, newly_asked, read_typed, store
from grants.applications.views.sections import conflict_views, hints_of
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Field, FieldKind
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires

ROW_BYTES = 5


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/new")
@requires(Role.ENTERPRISE)
@transactional
def new_row(application_id: UUID, table: str) -> ResponseReturnValue:
    """The empty form of a row; it gets its id here, so that sending it twice makes one row."""
    page = load_page(application_id)
    field = table_of(page, table)
    page.verdict.require()
    if not has_own_rows(field) or not page.scope.opens_rows(field):
        raise NotFoundError(table=table)
    return show_row(page, field, fresh_row_id(), is_new=True)


@bp.route("/apply/<uuid:application_id>/tables/<table>/rows/<row>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def row(application_id: UUID, table: str, row: str) -> ResponseReturnValue:
    """One row: shown, or stored; a row that is not there yet is added by storing it."""
    page = load_page(application_id)
    field = table_of(page, table)
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
    possible = forms.asked_in(_columns(table), row)
    later = later_of(page, possible, asked)
    key = page.draft.definition.section_of[table.path].key
    talks = {} if is_new else talks_of(page, (*asked, *later.asked))
    return show(
        "row",
        page,
        current=key,
        table=table,
        form=form,
        asked=tuple(one for one in possible if one in asked or one in later.asked),
        later=later,
        talks=talks,
        remarks_on=listed_talks(talks, asked),
        origins=presenters.origins_of(page.draft, {one.name: one.place for one in asked}),
        live_url=url_for("applications.live", application_id=page.application.id, key=key),
        computed=presenters.computed_texts(page.draft, table.columns, row),
        hints=hints_of(page, asked, form),
        conflicts=conflict_views(page, saved.conflicts if saved else {}),
        is_new=is_new,
        gone=gone,
        told=() if is_new else page.scope.reasons(table.path, row),
        may_order=has_own_rows(table) and page.editable and page.scope.opens_rows(table) and not is_new,
        slots=[slot for slot in slots_of(page) if slot.slot.rows_of == table.path and slot.row == row and not is_new],
        action=ActionForm(),
        order=order_mark(page.draft.row_ids(table)),
        new_id=fresh_row_id(),
        paste_url=url_for("applications.paste", application_id=page.application.id, table=table.path)
        if page.editable and page.scope.opens_rows(table)
        else "",
        wide=presenters.WIDE,
        **row_frame(page, table, row),
    )


def row_frame(page: Page, table: Field, row: str) -> dict[str, Any]:
    """What every page of one row shows: its title, its addresses, the way back to its section."""
    here: dict[str, Any] = {"application_id": page.application.id, "table": table.path, "row": row}
    return {
        "row_title": presenters.row_title(page.draft, table, row),
        "post_url": url_for("applications.row", **here),
        "move_url": url_for("applications.move_row", **here),
        "copy_url": url_for("applications.copy_row", **here),
        "delete_url": url_for("applications.delete_row", **here),
        "section_url": section_url(page, table),
        "section_title": page.draft.definition.section_of[table.path].title,
    }


def _save(page: Page, table: Field, row: str, typed: Typed) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    if has_own_rows(table) and not page.draft.has_row(table.path, row):
        if typed.is_empty:
            flash(_("这一行还没有填写任何内容，没有添加。"), "caution")
            return redirect(section_url(page, table), 303)
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
    return redirect(section_url(page, table), 303)


def _offer_again(page: Page, table: Field, typed: Typed, gone: RowGoneError) -> str:
    """The row is gone; what was typed is offered as a new row, under a new id."""
    fresh = fresh_row_id()
    renamed = {one.name: forms.input_name(one.field.path, fresh) for one in typed.asked}
    asked = tuple(Asked(renamed[one.name], one.field, fresh) for one in typed.asked)
    form = forms.build_answer_form(page.draft.definition, asked)(formdata=None)
    for one in typed.asked:
        form[renamed[one.name]].process_data(typed.form[one.name].data)
    view = _with_row(page, table, fresh)
    form.shown.data = forms.shown_text(view.draft, asked)
    return _render(view, table, fresh, asked, form, is_new=True, gone=gone.code)


def fresh_row_id() -> str:
    """An id for a row that is being shown for the first time."""
    return f"r{secrets.token_hex(ROW_BYTES)}"


def table_of(page: Page, path: str) -> Field:
    """The table of that path when it is asked for now; NotFoundError."""
    field = page.draft.definition.fields_by_path.get(path)
    if field is None or field.kind is not FieldKind.TABLE or (path, "") not in page.draft.shown:
        raise NotFoundError(table=path)
    return field


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


def section_url(page: Page, table: Field) -> str:
    """The table on its section's page."""
    key = page.draft.definition.section_of[table.path].key
    return presenters.section_url(page.application.id, key) + f"#{presenters.table_id(table.path)}"
