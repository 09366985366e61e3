"""Taking in a block of cells: pasted as text, or read from a prepared workbook; looked at first, then taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import forms, presenters, services
from grants.applications.domain import has_own_rows, table_mark
from grants.applications.domain.blocks import BlockTooLargeError, Line, read_block, write_block
from grants.applications.domain.cell_texts import filled_columns
from grants.applications.domain.columns import MARK, Matching, clean_targets, match_columns, origin_in
from grants.applications.domain.importing import ImportLine, ImportPlan, cell_mark, plan_import, table_origin
from grants.applications.errors import TableChangedError
from grants.applications.forms import Intent, PasteForm, ReadLine
from grants.applications.views.page import Page, bp, load_page, page_of, show
from grants.applications.views.rows import section_url, table_of
from grants.applications.views.tables import table_url
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Field
from grants.web.guards import current_actor, requires
from grants.web.wording import reason_text


@dataclass(frozen=True)
class Reading:
    """A block as it is read for a table as that stands now."""

    block: tuple[Line, ...]
    matching: Matching
    intent: Intent
    lines: tuple[ReadLine, ...]
    plan: ImportPlan
    mark: str

    @property
    def sound(self) -> list[ImportLine]:
        """The lines that could be read."""
        return [one.line for one in self.lines if one.line is not None]

    @property
    def bad(self) -> int:
        return len(self.lines) - len(self.sound)


@bp.route("/apply/<uuid:application_id>/tables/<table>/paste", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def paste(application_id: UUID, table: str) -> ResponseReturnValue:
    """Paste a block, look at what it would do, take it in."""
    page = load_page(application_id)
    field = importable(page, table)
    form = PasteForm()
    if not form.validate_on_submit():
        return show_paste(page, field, form)
    try:
        block = read_block(form.text.data or "")
    except BlockTooLargeError as error:
        form.text.errors = [reason_text(error.code, {"limit": error.limit})]
        return show_paste(page, field, form), 422
    if not block:
        form.text.errors = [_("还没有粘贴内容。")]
        return show_paste(page, field, form), 422
    reading = read(page, field, block, forms.read_intent(form, block, request.form))
    if "take" in request.form and reading.intent.checked == reading.mark and reading.sound:
        return _take(page, field, form, reading)
    return show_paste(page, field, form, reading)


def importable(page: Page, path: str) -> Field:
    """The table, when all of it may be changed; ForbiddenError, NotFoundError."""
    table = table_of(page, path)
    page.verdict.require()
    if not page.scope.opens_rows(table):
        raise NotFoundError(table=path)
    return table


def read(page: Page, table: Field, block: Sequence[Line], intent: Intent) -> Reading:
    """Match the block's columns as the person chose or as they are found, and read every line."""
    draft, columns = page.draft, filled_columns(table)
    names = () if has_own_rows(table) else draft.row_ids(table)
    found = match_columns(block, columns, row_names=names, row_label=table.row_label, has_heading=intent.has_heading)
    if intent.targets is not None:
        targets = clean_targets(intent.targets, columns, width=len(block[0]), is_fixed=bool(names))
        found = Matching(targets, has_heading=found.has_heading, other_units={})
    place = found.place_of(MARK)
    origin = table_origin(str(page.application.id), table, columns)
    lines = forms.read_lines(
        draft,
        table,
        block,
        found,
        batch=intent.batch,
        bases=intent.bases or bases_of(page, table),
        marks_hold=place is not None and origin_in(block[0][place]) == origin,
    )
    plan = plan_import(
        draft,
        table,
        [one.line for one in lines if one.line is not None],
        taken=draft.row_ids(table),
        replacing=intent.mode == forms.REPLACE,
    )
    mark = forms.shown_mark(block, found, intent, table_mark(draft, table))
    return Reading(tuple(block), found, intent, tuple(lines), plan, mark)


def bases_of(page: Page, table: Field) -> Mapping[str, Mapping[str, str]]:
    """How the cells of fixed rows stand now; none for a table whose rows people add."""
    if has_own_rows(table):
        return {}
    columns = filled_columns(table)
    return {
        row: {column.path: cell_mark(column, page.draft.value(column.path, row)) for column in columns}
        for row in page.draft.row_ids(table)
    }


def show_paste(page: Page, table: Field, form: PasteForm, reading: Reading | None = None, *, stale: str = "") -> str:
    """The page: the block as text, and below how it is read. ``stale``: why it was not taken in just now."""
    columns = filled_columns(table)
    if reading is not None:
        _carry(page, table, form, reading)
    replaced = page.draft.row_ids(table) if reading and reading.intent.mode == forms.REPLACE else ()
    section = page.draft.definition.section_of[table.path]
    return show(
        "paste",
        page,
        current=section.key,
        table=table,
        form=form,
        reading=reading,
        stale=stale,
        columns=presenters.matched_columns(reading.matching, reading.block[0]) if reading else [],
        options=presenters.target_options(
            columns, row_label="" if has_own_rows(table) else table.row_label or str(_("序号"))
        ),
        faults=presenters.fault_views(reading.lines) if reading else [],
        clashes=presenters.clash_views(page.draft, table, reading.plan.clashes, reading.intent.insisted)
        if reading
        else [],
        lines=presenters.shown_lines(reading.lines, reading.plan) if reading else [],
        plan_words=presenters.plan_words(reading.plan, bad=reading.bad) if reading else [],
        replaced=[presenters.row_name(page.draft, table, row) for row in replaced],
        may_replace=_may_replace(page, table, reading),
        table_url=table_url(page, table),
        section_url=section_url(page, table),
        section_title=section.title,
    )


def _may_replace(page: Page, table: Field, reading: Reading | None) -> bool:
    if reading is None or not has_own_rows(table) or any(line.row for line in reading.sound):
        return False
    return bool(page.draft.row_ids(table))


def _carry(page: Page, table: Field, form: PasteForm, reading: Reading) -> None:
    """Let the page carry the block, how it was read, and what was shown of it."""
    intent = reading.intent
    carried = {
        "text": write_block(reading.block),
        "heading": forms.WITH_HEADING if reading.matching.has_heading else forms.WITHOUT_HEADING,
        "mode": intent.mode,
        "batch": intent.batch,
        "of": forms.block_mark(reading.block),
        "checked": reading.mark,
        "bases": forms.write_bases(intent.bases or bases_of(page, table)),
    }
    for name, value in carried.items():
        form[name].raw_data = None
        form[name].process(None, value)


def _take(page: Page, table: Field, form: PasteForm, reading: Reading) -> ResponseReturnValue:
    """Take in the lines that could be read; the others stay on the page to be mended."""
    replaces = table_mark(page.draft, table) if reading.intent.mode == forms.REPLACE else None
    try:
        outcome = services.import_rows(
            db.session(),
            page.application,
            table.path,
            reading.sound,
            insisted=reading.intent.insisted,
            replaces=replaces,
            actor=current_actor(),
            now=page.now,
        )
    except TableChangedError as error:
        after = page_of(page.application, page.now)
        return show_paste(after, table, form, read(after, table, reading.block, reading.intent), stale=error.code), 409
    plan = outcome.plan
    flash(_taken_words(plan, outcome.removed), "success")
    left = _left_over(reading, plan)
    if left:
        after = page_of(page.application, page.now)
        return show_paste(after, table, form, _again(after, table, reading, left))
    imported = {"imported": page.now.isoformat()} if plan.added or outcome.removed else {}
    return redirect(table_url(page, table, **imported), 303)


def _left_over(reading: Reading, plan: ImportPlan) -> list[Line]:
    """The lines that were not taken in: unreadable, disputed, beyond the limit."""
    numbers = {clash.line.number for clash in plan.clashes} | {line.number for line in plan.beyond}
    return [one.cells for one in reading.lines if one.line is None or one.number in numbers]


def _again(page: Page, table: Field, reading: Reading, left: Sequence[Line]) -> Reading:
    """The lines left over as a block of their own, matched as before."""
    head = [reading.block[0]] if reading.matching.has_heading else []
    block = read_block(write_block([*head, *left]))
    fresh = forms.fresh_intent()
    intent = Intent(
        reading.matching.targets,
        reading.matching.has_heading,
        forms.APPEND,
        fresh.batch,
        reading.intent.bases,
        frozenset(),
        "",
    )
    return read(page, table, block, intent)


def _taken_words(plan: ImportPlan, removed: int) -> str:
    said = [
        (removed, _("已删除原有 %(n)s 行", n=removed)),
        (len(plan.added), _("已添加 %(n)s 行", n=len(plan.added))),
        (plan.changed_rows, _("已更新 %(n)s 行", n=plan.changed_rows)),
    ]
    words = "，".join(str(sentence) for count, sentence in said if count)
    return f"{words}。" if words else str(_("没有需要导入的内容。"))
