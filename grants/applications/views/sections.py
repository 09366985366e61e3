"""One section of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import forms, presenters
from grants.applications.domain.profiles import ORG
from grants.applications.forms import AnswerForm, Asked
from grants.applications.services import Conflict
from grants.applications.views.beside import later_of, listed_talks, talks_of
from grants.applications.views.page import Page, bp, load_page, show
from grants.applications.views.profiles import newer_of
from grants.applications.views.saving import Saved, newly_asked, read_typed, store
from grants.db import transactional
from grants.kernel.actor import Role
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Field, FieldKind, Phase, Section
from grants.web.guards import requires


@dataclass(frozen=True)
class Block:
    """A part of a section's page: ``inputs``, ``computed``, ``grid`` (fixed rows filled in place) or ``table``."""

    kind: str
    field: Field | None = None
    inputs: tuple[Asked, ...] = ()
    computed: tuple[presenters.Computed, ...] = ()
    table: presenters.TableView | None = None
    rows: tuple[tuple[str, tuple[Asked, ...]], ...] = ()
    foot: list[str] | None = None
    whole_url: str = ""
    paste_url: str = ""


@bp.route("/apply/<uuid:application_id>/sections/<key>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def section(application_id: UUID, key: str) -> ResponseReturnValue:
    """Fill in a section; saving stores what can be stored and shows the rest again."""
    page = load_page(application_id)
    here = page.section(key)
    if here is None:
        raise NotFoundError(section=key)
    if request.method != "POST":
        return show_section(page, here)
    page.verdict.require()
    possible = possible_of(page, here)
    saved = store(page.application, page, read_typed(page, possible))
    if not saved.is_clean:
        return show_section(saved.page, here, saved), saved.status
    return redirect(_next_url(saved, here, possible), 303)


def show_section(page: Page, here: Section, saved: Saved | None = None) -> str:
    """The page of a section: as stored, or as it came back."""
    asked = saved.typed.asked if saved else _asked_now(page, here)
    form = saved.typed.form if saved else _filled(page, asked)
    before, after = page.neighbours(here.key)
    later = later_of(page, forms.asked_in(here.fields), asked)
    tables = [field for field in here.fields if field.columns]
    to_read = () if page.editable else _answers_to_read(page, here)
    talks = talks_of(page, (*asked, *later.asked, *to_read), tables)
    return show(
        "section",
        page,
        current=here.key,
        section=here,
        form=form,
        blocks=blocks_of(page, here, (*asked, *later.asked)) if page.editable else (),
        reading=_reading(page, here),
        remarks_on=listed_talks(talks, asked or to_read, tables),
        later=later,
        talks=talks,
        origins=presenters.origins_of(page.draft, {one.name: one.place for one in asked}),
        newer=newer_of(page) if here.key == ORG else (),
        live_url=url_for("applications.live", application_id=page.application.id, key=here.key),
        hints=hints_of(page, asked, form),
        conflicts=conflict_views(page, saved.conflicts if saved else {}),
        back=presenters.section_url(page.application.id, before) if before else None,
        back_title=page.title_of(before),
        next_title=page.title_of(after),
        wide=presenters.WIDE,
        has_inputs=bool(asked) or not page.scope.is_correction,
    )


def _reading(page: Page, here: Section) -> object:
    """The section's answers to read, where not all of it can be filled in; None where it can."""
    if page.editable and not page.scope.is_correction:
        return None
    return next((section for section in presenters.words_to_check(page.draft) if section.key == here.key), None)


def _answers_to_read(page: Page, here: Section) -> list[Asked]:
    """What can be remarked on by those who only read."""
    return [one for one in forms.asked_in(here.fields) if one.place in page.draft.shown]


def possible_of(page: Page, here: Section) -> tuple[Asked, ...]:
    """Every input the section's page can have, fixed rows included."""
    found = list(forms.asked_in(here.fields))
    for table in here.fields:
        if table.kind is FieldKind.TABLE and table.fixed_rows is not None:
            columns = [column for column in table.columns if column.key != table.fixed_rows.column]
            for row in page.draft.row_ids(table):
                found += forms.asked_in(columns, row)
    return tuple(found)


def _asked_now(page: Page, here: Section) -> tuple[Asked, ...]:
    shown = page.draft.shown
    opens = page.scope.opens if page.editable else lambda *place: False
    return tuple(one for one in possible_of(page, here) if one.place in shown and opens(*one.place))


def _filled(page: Page, asked: tuple[Asked, ...]) -> AnswerForm:
    form = forms.build_answer_form(page.draft.definition, asked)(formdata=None)
    forms.fill(form, page.draft, asked)
    return form


def blocks_of(page: Page, here: Section, asked: tuple[Asked, ...]) -> list[Block]:
    """The section's parts in the order of the definition; inputs that follow each other make one block."""
    by_path: dict[str, list[Asked]] = {}
    for one in asked:
        by_path.setdefault(one.field.path, []).append(one)
    blocks: list[Block] = []
    for field in here.fields:
        block = _block_of(page, field, by_path)
        if block is not None and block.kind == "inputs" and blocks and blocks[-1].kind == "inputs":
            blocks[-1] = Block("inputs", inputs=(*blocks[-1].inputs, *block.inputs))
        elif block is not None:
            blocks.append(block)
    return blocks


def _block_of(page: Page, field: Field, by_path: Mapping[str, list[Asked]]) -> Block | None:
    if field.path in by_path:
        return Block("inputs", inputs=tuple(by_path[field.path]))
    if (field.path, "") not in page.draft.shown or field.phase is not Phase.APPLICATION:
        return None
    if field.kind is FieldKind.COMPUTED:
        return Block("computed", field, computed=tuple(presenters.computed_texts(page.draft, [field])))
    if field.kind is not FieldKind.TABLE:
        return None
    if field.fixed_rows is not None and any(column.path in by_path for column in field.columns):
        return _grid_of(page, field, by_path)
    view = presenters.table_view(
        page.application.id, page.draft, field, page.scope, editable=page.editable, query=request.args
    )
    return Block("table", field, table=view)


def _grid_of(page: Page, field: Field, by_path: Mapping[str, list[Asked]]) -> Block:
    rows = tuple(
        (row, tuple(one for column in field.columns for one in by_path.get(column.path, ()) if one.row == row))
        for row in page.draft.row_ids(field)
    )
    foot = presenters.totals_foot(page.draft, field, [one.field for one in rows[0][1]])
    computed = [
        replace(found, label=str(_("%(row)s，%(label)s", row=row, label=found.label)))
        for row, _asked in rows
        for found in presenters.computed_texts(page.draft, field.columns, row)
    ]
    here: dict[str, Any] = {"application_id": page.application.id, "table": field.path}
    may_paste = page.editable and page.scope.opens_rows(field)
    return Block(
        "grid",
        field,
        rows=rows,
        computed=tuple(computed),
        foot=presenters.named_foot(foot, beside=True),
        whole_url=url_for("applications.table", **here),
        paste_url=url_for("applications.paste", **here) if may_paste else "",
    )


def hints_of(page: Page, asked: tuple[Asked, ...], form: AnswerForm) -> dict[str, str]:
    """By input name: what the office asked to put right, and what is stored but not yet within bounds."""
    gaps = {(gap.path, gap.row or ""): gap.message for gap in page.draft.gaps if gap.kind == "answer"}
    hints = {}
    for one in asked:
        told = list(page.scope.reasons(*one.place))
        if page.draft.value(*one.place) is not None and not form[one.name].errors and one.place in gaps:
            told.append(gaps[one.place])
        if told:
            hints[one.name] = "；".join(told)
    return hints


def conflict_views(page: Page, conflicts: Mapping[str, Conflict]) -> dict[str, dict[str, object]]:
    """Both sides of each conflict in words, by input name."""
    definition = page.draft.definition
    return {
        name: {
            "theirs": presenters.answer_words(definition, definition.field(conflict.path), conflict.theirs),
            "mine": presenters.answer_words(definition, definition.field(conflict.path), conflict.mine),
            "by": conflict.changed_by,
            "at": conflict.changed_at,
        }
        for name, conflict in conflicts.items()
    }


def _next_url(saved: Saved, here: Section, possible: tuple[Asked, ...]) -> str:
    page = saved.page
    stay = url_for("applications.section", application_id=page.application.id, key=here.key)
    more = newly_asked(saved.typed, page, possible)
    if more:
        flash(_("已保存。根据您填写的内容，本节还有 %(n)s 项需要填写。", n=more), "ok")
        return stay
    following = page.neighbours(here.key)[1]
    if "next" not in request.form or following is None:
        return stay
    return presenters.section_url(page.application.id, following)
