"""Words for codes and states, and what the pages of an application show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.domain import DOCUMENTS, Draft, EditScope, Progress, latest_change
from grants.applications.models import Application
from grants.kernel.clock import SHANGHAI
from grants.kernel.money import wan_text
from grants.programmes.domain import (
    CaseView,
    DocumentSlot,
    Field,
    FieldKind,
    Gap,
    Phase,
    ReadSection,
    funding_amount,
    read_sections,
    to_case_value,
)
from grants.programmes.domain.reading import words_of

REASONS = {
    "level_cannot_edit": _l("您在本单位是只读或签字权限，不能填写。请由单位负责人或填报人员办理。"),
    "level_cannot_submit": _l("提交和撤回须由单位负责人或签字人办理。请通知他们登录后操作，您填写的内容都已保存。"),
    "already_submitted": _l("这份申报已经提交，不能再修改。如需更正，请等待形式审查的补正通知，或撤回后重新申报。"),
    "not_submitted_yet": _l("这份申报还没有提交，不需要撤回。"),
    "too_late_to_withdraw": _l("评审专家已经抽取，或办理已经结束，不能再撤回。"),
    "correction_overdue": _l("补正期限已过，不能再修改或提交。"),
    "correction_late": _l("补正期限截止于 %(closed_at)s，您的提交在 %(arrived_at)s 到达服务器，没有受理。"),
    "submission_late": _l("申报截止于 %(closed_at)s，您的提交在 %(arrived_at)s 到达服务器，没有受理。草稿仍然保留。"),
    "membership_unverified": _l(
        "单位身份还没有核验，可以填写，暂不能提交。请在“单位资料”中上传营业执照或授权书，核验通过后再提交。"
    ),
    "not_in_correction": _l("这一项不在补正通知所列范围内，不能修改。"),
    "application_incomplete": _l("还有必填内容没有填全，申报没有提交。"),
    "answer_of_wrong_kind": _l("有一项内容的格式不对，没有保存。"),
    "row_gone": _l("这一行刚刚被其他人删除，您填写的内容没有保存到其中。"),
    "row_changed": _l("这一行刚刚被其他人修改过，没有删除。请核对最新内容后再决定。"),
    "bad_row": _l("这一行的编号无效，请从表格页面重新添加。"),
    "too_many_rows": _l("最多 %(limit)s 行，不能再添加。"),
    "too_many_files": _l("这里最多上传 %(limit)s 个文件，请先删除一个再上传。"),
    "correction_without_items": _l("请至少选择一项需要补正的内容。"),
    "correction_without_reason": _l("请写明补正的总体说明，不超过 2000 字。"),
    "correction_item_unknown": _l("补正项“%(item)s”不是本申报表中的内容。"),
    "withdrawal_without_reason": _l("请写明撤回原因，不超过 2000 字。"),
}

STATES = {
    "application.draft": ("run", _l("草稿")),
    "application.submitted": ("run", _l("已提交")),
    "application.checking": ("run", _l("自动核验中")),
    "application.checked": ("run", _l("形式审查中")),
    "application.check_failed": ("act", _l("核验未完成")),
    "application.returned": ("act", _l("需补正")),
    "application.district_review": ("run", _l("区级审核中")),
    "application.accepted": ("ok", _l("审查通过")),
    "application.under_review": ("run", _l("专家评审中")),
    "application.reviewed": ("run", _l("评审完成")),
    "application.proposed": ("run", _l("拟支持")),
    "application.on_notice": ("pub", _l("公示中")),
    "application.awarded": ("ok", _l("已立项")),
    "application.rejected": ("law", _l("不予受理")),
    "application.not_funded": ("end", _l("未予支持")),
    "application.withdrawn": ("end", _l("已撤回")),
    "application.expired": ("end", _l("逾期未提交")),
}

FIGURES = frozenset({FieldKind.MONEY, FieldKind.DATE, FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.PERCENT})
WIDE = frozenset({FieldKind.LONG_TEXT, FieldKind.LIST, FieldKind.CHOICES})
GROUPED = frozenset({FieldKind.YES_NO, FieldKind.CHOICES})
TABLE_COLUMNS = 4
CELL_LENGTH = 36
SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One entry of the list of sections; read by the macro ``section_list``."""

    label: str
    note: str
    url: str
    state: str
    current: bool


def section_links(application_id: UUID, progress: Progress, current: str, faults: Counter[str]) -> list[SectionLink]:
    """The list of sections with how far each has come; ``faults``: how much of it the office asked to put right."""
    links = []
    for number, section in enumerate(progress.sections, 1):
        label, url = f"{number}. {section.title}", section_url(application_id, section.key)
        note, state = section_note(section.state, len(section.gaps)), section.state
        if faults[section.key] and state == "done":
            note, state = str(_("%(n)s 项需补正", n=faults[section.key])), "warn"
        links.append(SectionLink(label, note, url, state, section.key == current))
    return links


def faults_by_section(draft: Draft, scope: EditScope) -> Counter[str]:
    """How many items of the correction lie in each section."""
    counts: Counter[str] = Counter()
    for item in scope.items or ():
        if item.document:
            counts[DOCUMENTS] += 1
        elif item.path:
            places = draft.definition.section_of
            place = item.path if item.path in places else item.path.rpartition(".")[0]
            counts[places[place].key] += place in places
    return counts


def section_note(state: str, missing: int) -> str:
    """One line under a section's name."""
    if state == "done":
        return str(_("已填全"))
    return str(_("还差 %(n)s 项", n=missing)) if state == "part" else str(_("未开始"))


def section_url(application_id: UUID, key: str) -> str:
    """Where a section is filled in."""
    if key == DOCUMENTS:
        return url_for("applications.documents", application_id=application_id)
    return url_for("applications.section", application_id=application_id, key=key)


def time_left(close: datetime, now: datetime) -> str:
    """还剩 18 天, 还剩 5 小时, 不到 1 小时, 已截止."""
    seconds = (close - now).total_seconds()
    if seconds <= 0:
        return str(_("已截止"))
    if seconds >= 2 * SECONDS_PER_DAY:
        return str(_("还剩 %(n)s 天", n=int(seconds // SECONDS_PER_DAY)))
    hours = int(seconds // SECONDS_PER_HOUR)
    return str(_("还剩 %(n)s 小时", n=hours)) if hours else str(_("不到 1 小时"))


def saved_text(draft: Draft, now: datetime) -> str:
    """已保存，今天 18:24:07; empty while nothing was stored."""
    last = latest_change(draft.answers.values())
    if last is None:
        return ""
    at, today = last.changed_at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    if at.date() == today:
        return str(_("已保存，今天 %(time)s", time=f"{at:%H:%M:%S}"))
    return str(_("已保存，%(month)s月%(day)s日 %(time)s", month=at.month, day=at.day, time=f"{at:%H:%M}"))


@dataclass(frozen=True, slots=True)
class GapLink:
    """Something missing, and where to fill it in."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Everything missing in one section."""

    key: str
    title: str
    url: str
    links: tuple[GapLink, ...]


def gap_groups(application_id: UUID, draft: Draft, progress: Progress) -> tuple[GapGroup, ...]:
    """What is missing, section by section, with a link to each input."""
    return tuple(
        GapGroup(
            section.key,
            section.title,
            section_url(application_id, section.key),
            tuple(GapLink(gap_text(gap), gap_url(application_id, draft, gap)) for gap in section.gaps),
        )
        for section in progress.sections
        if section.gaps
    )


def gap_text(gap: Gap) -> str:
    """The label where the message does not name it already, then the message."""
    return gap.message if gap.row is None or gap.kind == "document" else f"{gap.label}：{gap.message}"


def gap_url(application_id: UUID, draft: Draft, gap: Gap) -> str:
    """The page and input where a gap is closed."""
    if gap.kind == "document":
        anchor = slot_id(gap.path, gap.row or "")
        return url_for("applications.documents", application_id=application_id, _anchor=anchor)
    if gap.kind == "rows":
        return section_url(application_id, gap.section) + f"#{table_id(gap.path)}"
    field = draft.definition.field(gap.path)
    anchor = anchor_of(field, gap.row or "")
    if gap.row is None:
        return section_url(application_id, gap.section) + f"#{anchor}"
    table = draft.definition.field(gap.path.removesuffix(f".{field.key}"))
    if table.fixed_rows is not None:
        return section_url(application_id, gap.section) + f"#{anchor}"
    return url_for("applications.row", application_id=application_id, table=table.path, row=gap.row, _anchor=anchor)


def anchor_of(field: Field, row: str = "") -> str:
    """The id of an answer's first input; must agree with ``forms.input_name`` and the macro ``field``."""
    name = f"a-{field.path.replace('.', '-')}" + (f"--{row.replace('.', '-')}" if row else "")
    if field.kind is FieldKind.DATE:
        return f"{name}-y"
    few = field.kind is FieldKind.CHOICE and len(field.choices) <= 6
    return f"{name}-0" if few or field.kind in GROUPED else name


def slot_id(slot: str, row: str = "") -> str:
    """The id of a slot on the page of files."""
    return f"slot-{slot}" + (f"-{row}" if row else "")


def table_id(path: str) -> str:
    """The id of a table on its section's page."""
    return f"table-{path.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that is worked out, in words."""

    path: str
    label: str
    text: str
    help: str


def computed_texts(draft: Draft, fields: Sequence[Field], row: str = "") -> list[Computed]:
    """The computed ones among these fields that are shown, in words; 填写后自动计算 while something is missing."""
    wanted = [field for field in fields if field.kind is FieldKind.COMPUTED and (field.path, row) in draft.shown]
    if not wanted:
        return []
    words = {field.path: field.text for section in all_words(draft) for field in section.fields if field.answered}
    cells = cell_words(draft) if row else {}
    unknown = str(_("填写相关内容后自动计算"))
    return [
        Computed(
            field.path,
            field.label,
            (cells.get((field.path, row)) if row else words.get(field.path)) or unknown,
            field.help,
        )
        for field in wanted
    ]


def all_words(draft: Draft) -> Any:
    """Every answer of the draft in words, for the enterprise itself."""
    return read_sections(draft.definition, draft.case, with_private=True)


def words_to_check(draft: Draft) -> list[ReadSection]:
    """The answers as the page before the submission shows them; the undertakings are asked for below."""
    asked = {path for path, field in draft.definition.fields_by_path.items() if field.kind is FieldKind.UNDERTAKING}
    return [
        replace(section, fields=tuple(field for field in section.fields if field.path not in asked))
        for section in all_words(draft)
    ]


def cell_words(draft: Draft) -> dict[tuple[str, str], str]:
    """Every cell in words by (column path, row)."""
    return {
        (column.path, row.id): text
        for section in all_words(draft)
        for field in section.fields
        for row in field.rows
        for column, text in zip(field.columns, row.cells, strict=True)
    }


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as ``table_editor`` shows it."""

    field: Field
    id: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    add_url: str | None
    note: str


def table_view(application_id: UUID, draft: Draft, table: Field, scope: EditScope, *, editable: bool) -> TableView:
    """The rows of a table with what is missing in each, and where to change them."""
    words = next((field for section in all_words(draft) for field in section.fields if field.path == table.path), None)
    places = telling_columns(table)
    heads = [words.columns[place] for place in places] if words else []
    may_order = editable and not table.rows_of and table.fixed_rows is None and scope.opens_rows(table)
    may_edit = editable and scope.opens_any(table)
    missing = rows_missing(draft, table)
    rows = []
    for found in words.rows if words else ():
        texts = [found.cells[place] for place in places]
        rows.append(_row_view(application_id, draft, table, found.id, texts, missing.get(found.id, 0)))
        if not may_edit:
            rows[-1]["edit_url"] = None
        if not may_order:
            rows[-1]["delete_url"] = None
    return TableView(
        table,
        table_id(table.path),
        [{"label": head.label, "num": head.numeric, "unit": head.unit} for head in heads],
        rows,
        url_for("applications.new_row", application_id=application_id, table=table.path) if may_order else None,
        str(_("各行随“%(table)s”自动增减。", table=draft.definition.field(table.rows_of).label))
        if table.rows_of
        else "",
    )


def telling_columns(table: Field) -> list[int]:
    """Places of the few columns that tell rows apart: the first, then amounts, days, numbers before texts.

    Where the first is one of a few choices, the second belongs to it.
    """
    start = 2 if table.columns[0].kind is FieldKind.CHOICE else 1
    rest = range(start, len(table.columns))
    figures = [place for place in rest if table.columns[place].kind in FIGURES]
    texts = [place for place in rest if place not in figures]
    return [*range(start), *sorted([*figures, *texts][: TABLE_COLUMNS - start])]


def rows_missing(draft: Draft, table: Field) -> dict[str, int]:
    """How many answers are missing in each row."""
    paths = {column.path for column in table.columns}
    counts: dict[str, int] = {}
    for gap in draft.gaps:
        if gap.path in paths and gap.row:
            counts[gap.row] = counts.get(gap.row, 0) + 1
    return counts


def _first_label(table: Field) -> str:
    return table.row_label or str(_("序号"))


def row_title(draft: Draft, table: Field, row: str) -> str:
    """合同 2; for a row that is being added, the number it will have."""
    ids = draft.row_ids(table)
    number = ids.index(row) + 1 if row in ids else len(ids) + 1
    return f"{_first_label(table)} {row if table.fixed_rows else number}"


def _row_view(
    application_id: UUID, draft: Draft, table: Field, row: str, texts: Sequence[str], missing: int
) -> dict[str, Any]:
    here: dict[str, Any] = {"application_id": application_id, "table": table.path, "row": row}
    state = ("act", "alert", str(_("还差 %(n)s 项", n=missing))) if missing else ("ok", "check", str(_("已填全")))
    title = row_title(draft, table, row)
    return {
        "id": row,
        "lead": _short(texts[0]) or title,
        "sub": title if texts[0] and table.fixed_rows is None else "",
        "cells": [_short(text) or "–" for text in texts[1:]],
        "state": state,
        "bad": False,
        "edit_url": url_for("applications.row", **here),
        "delete_url": url_for("applications.delete_row", **here),
    }


def _short(text: str) -> str:
    return text if len(text) <= CELL_LENGTH else f"{text[:CELL_LENGTH]}…"


@dataclass(frozen=True, slots=True)
class FundingView:
    """What the rules would grant, as far as it can be told: 万元, and the working in words."""

    amount: str
    steps: tuple[tuple[str, str], ...]


def funding_view(draft: Draft) -> FundingView | None:
    """The expected amount with its working; None while something it needs is missing."""
    working = funding_amount(draft.definition, draft.case)
    if working.computed_fen is None:
        return None
    return FundingView(wan_text(working.computed_fen), working.steps)


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot, of one row where every row has its own."""

    slot: DocumentSlot
    row: str
    id: str
    title: str
    is_due: bool
    files: list[dict[str, Any]]
    has_room: bool
    editable: bool
    reasons: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        return self.is_due and not self.files


def slot_views(application_id: UUID, draft: Draft, scope: EditScope, *, editable: bool) -> list[SlotView]:
    """Every slot that applies, in the order of the definition, with its files."""
    due = {(gap.path, gap.row or "") for gap in draft.gaps if gap.kind == "document"}
    due |= {(slot.key, row) for slot in draft.definition.documents if slot.required for row in _rows(draft, slot)}
    names = CaseView(draft.definition, draft.case)
    views = []
    for slot in draft.definition.documents:
        if slot.phase is not Phase.APPLICATION:
            continue
        conditional = slot.required_if is not None and not slot.rows_of
        applies = not conditional or slot.required or names.holds(slot.required_if, default=False)
        for row in _rows(draft, slot):
            files = [file for file in draft.files if file.slot == slot.key and file.row == row]
            if applies or files or (slot.key, row) in due:
                is_due = (slot.key, row) in due or (conditional and applies)
                views.append(_slot_view(application_id, draft, slot, row, files, is_due, scope, editable))
    return views


def _rows(draft: Draft, slot: DocumentSlot) -> tuple[str, ...]:
    return draft.row_ids(draft.definition.field(slot.rows_of)) if slot.rows_of else ("",)


def _slot_view(
    application_id: UUID,
    draft: Draft,
    slot: DocumentSlot,
    row: str,
    files: Sequence[Any],
    is_due: bool,
    scope: EditScope,
    editable: bool,
) -> SlotView:
    may = editable and scope.opens_document(slot.key, row)
    title = slot.label
    if row:
        title = f"{slot.label} · {row_title(draft, draft.definition.field(slot.rows_of), row)}"
    return SlotView(
        slot,
        row,
        slot_id(slot.key, row),
        title,
        is_due,
        [_file_line(application_id, file, may) for file in files],
        slot.max_files == 1 or len(files) < slot.max_files,
        may,
        scope.document_reasons(slot.key, row),
    )


def _file_line(application_id: UUID, file: Any, may_remove: bool) -> dict[str, Any]:
    here = {"application_id": application_id, "attachment_id": file.id}
    size = (
        f"{file.size_bytes / 1_048_576:.1f} MB"
        if file.size_bytes >= 1_048_576
        else f"{max(1, file.size_bytes // 1024)} KB"
    )
    parts = [
        size,
        _("%(n)s 页", n=file.pages) if file.pages else "",
        f"{file.attached_at.astimezone(SHANGHAI):%m-%d %H:%M}",
    ]
    line: dict[str, Any] = {
        "name": file.name,
        "meta": " · ".join(str(part) for part in parts if part),
        "state": "ok",
        "url": url_for("applications.download", **here),
    }
    if may_remove:
        line["delete_url"] = url_for("applications.remove_file", **here)
    return line


def answer_words(draft: Draft, field: Field, value: Any) -> str:
    """One stored value in words, for showing both sides of a conflict."""
    return words_of(draft.definition, field, to_case_value(field, value)) or str(_("（空）"))


def heading(application: Application) -> str:
    """The title of an application, or what stands for it while it has none."""
    return application.title or str(_("未命名的申报"))
