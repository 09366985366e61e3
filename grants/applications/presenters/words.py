"""Answers, rows and times in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from grants.applications.domain import Draft, latest_change
from grants.applications.models import Application
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import (
    Definition,
    Field,
    FieldKind,
    ReadSection,
    read_sections,
    to_case_value,
)
from grants.programmes.domain.reading import words_of

SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3_600


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


def _first_label(table: Field) -> str:
    return table.row_label or str(_("序号"))


def row_title(draft: Draft, table: Field, row: str) -> str:
    """合同 2; for a row that is being added, the number it will have."""
    ids = draft.row_ids(table)
    number = ids.index(row) + 1 if row in ids else len(ids) + 1
    return f"{_first_label(table)} {row if table.fixed_rows else number}"


def answer_words(definition: Definition, field: Field, value: Any) -> str:
    """One stored value in words, for showing both sides of a conflict."""
    return words_of(definition, field, to_case_value(field, value)) or str(_("（空）"))


def heading(application: Application) -> str:
    """The title of an application, or what stands for it while it has none."""
    return application.title or str(_("未命名的申报"))
