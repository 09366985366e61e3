"""The prepared workbook of a table: headings with units, drop-downs, formats, the rows that stand, and how to fill it
in."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from grants.applications.domain import Draft, has_own_rows
from grants.applications.domain.blocks import MAX_LINES
from grants.applications.domain.cell_texts import NO, NUMBERS, YES, cell_text, number_of, options_of
from grants.applications.domain.columns import MARK_HEAD, head_of
from grants.applications.domain.importing import row_mark, table_origin
from grants.applications.presenters.words import row_title
from grants.programmes.domain import Definition, Field, FieldKind

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no zone; one fixed value makes equal files of equal content
EARLIEST = date(1901, 1, 1)  # Excel's own calendar is wrong before March 1900
WIDTHS = {FieldKind.LONG_TEXT: 48, FieldKind.LIST: 30, FieldKind.USCC: 24, FieldKind.DATE: 14}
WIDTH, BESIDE, WIDEST = 16, 4, 40  # in Latin letters; a heading wraps
DIGITS = 15  # that a double keeps of any number
SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CODE, FieldKind.DISTRICT, FieldKind.YES_NO})


def workbook_bytes(draft: Draft, table: Field, columns: Sequence[Field], *, application: str) -> bytes:
    """The workbook with every standing row.

    The first column, hidden, says of each row which it is and how its cells stood, so that the upload updates it and
    sees what somebody else has changed since. Texts are texts, never formulas.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"title": table.label, "created": CREATED})
    _Sheet(workbook, draft, table, columns).write(f"{MARK_HEAD}#{table_origin(application, table, columns)}")
    workbook.close()
    return out.getvalue()


class _Sheet:
    """The three sheets: the table itself, how to fill it in, and the options of the drop-downs."""

    def __init__(self, workbook: Any, draft: Draft, table: Field, columns: Sequence[Field]) -> None:
        self.draft, self.table, self.columns = draft, table, columns
        self.sheet = workbook.add_worksheet(_NOT_IN_SHEET_NAMES.sub("", table.label)[:SHEET_NAME] or None)
        self.guide = workbook.add_worksheet(str(_("填写说明")))
        self.options_sheet = str(_("选项"))
        self.options = workbook.add_worksheet(self.options_sheet)
        self.options.hide()
        self.named = not has_own_rows(table)
        self.first = 2 if self.named else 1
        wrapped = {"valign": "top", "text_wrap": True}
        self.head = workbook.add_format({**wrapped, "bold": True, "bottom": 1})
        self.text = workbook.add_format({**wrapped, "num_format": "@"})
        self.whole = workbook.add_format({**wrapped, "num_format": "0"})
        self.figure = workbook.add_format({**wrapped, "num_format": "#,##0.######"})
        self.day = workbook.add_format({**wrapped, "num_format": "yyyy-mm-dd"})

    def write(self, mark_head: str) -> None:
        """Everything, the headings first."""
        self.sheet.write_string(0, 0, mark_head, self.head)
        self.sheet.set_column(0, 0, None, self.text, {"hidden": True})
        if self.named:
            self.sheet.write_string(0, 1, self.table.row_label or str(_("序号")), self.head)
        for place, column in enumerate(self.columns):
            self.sheet.write_string(0, self.first + place, head_of(column), self.head)
            self.sheet.set_column(self.first + place, self.first + place, _width(column), self._format(column))
            self._restrict(place, column)
        self.sheet.freeze_panes(1, 2)
        for line, row in enumerate(self.draft.row_ids(self.table), 1):
            self._write_row(line, row)
        self._write_guide()

    def _write_row(self, line: int, row: str) -> None:
        self.sheet.write_string(line, 0, row_mark(self.draft, self.columns, row), self.text)
        if self.named:
            name = row if self.table.fixed_rows is not None else row_title(self.draft, self.table, row)
            self.sheet.write_string(line, 1, name, self.text)
        for place, column in enumerate(self.columns):
            self._write_cell(line, self.first + place, column, self.draft.value(column.path, row))

    def _write_cell(self, line: int, place: int, column: Field, stored: Any) -> None:
        """Days and numbers as such where Excel keeps them exactly, everything else as text."""
        form = self._format(column)
        if stored is not None and column.kind is FieldKind.DATE and date.fromisoformat(stored) >= EARLIEST:
            self.sheet.write_datetime(line, place, datetime.fromisoformat(stored), form)
        elif stored is not None and column.kind in NUMBERS and _is_kept(number := number_of(column, stored)):
            self.sheet.write_number(line, place, float(number), form)
        elif stored is not None:
            self.sheet.write_string(line, place, cell_text(self.draft.definition, column, stored), form)

    def _format(self, column: Field) -> Any:
        if column.kind is FieldKind.DATE:
            return self.day
        if column.kind is FieldKind.INTEGER:
            return self.whole
        return self.figure if column.kind in NUMBERS else self.text

    def _restrict(self, place: int, column: Field) -> None:
        """A drop-down for a choice; a prompt for a day. What is outside is warned of, the upload names it."""
        at = self.first + place
        if column.kind in _OPTIONS:
            words = option_words(self.draft.definition, column)
            self.options.write_column(0, place, words)
            letter = _letters(place)
            source = f"='{self.options_sheet}'!${letter}$1:${letter}${len(words)}"
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            self.sheet.data_validation(1, at, MAX_LINES, at, rule)
        elif column.kind is FieldKind.DATE:
            rule = {"validate": "any", "input_title": str(_("日期")), "input_message": str(_("例如 2026-03-05"))}
            self.sheet.data_validation(1, at, MAX_LINES, at, rule)

    def _write_guide(self) -> None:
        self.guide.set_column(0, 0, 30, self.text)
        self.guide.set_column(1, 1, 90, self.text)
        lines = [
            (str(_("怎样填写")), ""),
            ("", str(_("在“%(sheet)s”表中填写，每行一条，填好后在申报页面上传。", sheet=self.sheet.get_name()))),
            ("", str(_("已有各行可以修改；新的一行填在最后。删除行请在申报页面操作，这里删去的行不会被删除。"))),
            ("", str(_("请勿修改第一行的表头和隐藏的第一列。不用填写公式，只读取数值。"))),
            (str(_("各列")), ""),
            *((head_of(column), self._guidance(column)) for column in self.columns),
        ]
        for line, (name, text) in enumerate(lines):
            self.guide.write_string(line, 0, name, self.text if text else self.head)
            self.guide.write_string(line, 1, text, self.text)

    def _guidance(self, column: Field) -> str:
        parts = [str(_("必填")) if column.required else "", _kind_words(column), column.help]
        parts.append(str(_("例如 %(example)s", example=column.example)) if column.example else "")
        return "；".join(part.rstrip("。") for part in parts if part)


def option_words(definition: Definition, column: Field) -> list[str]:
    """What a drop-down offers."""
    if column.kind is FieldKind.YES_NO:
        return [YES, NO]
    return [label for _code, label in options_of(definition, column)]


def _kind_words(column: Field) -> str:
    words = {
        FieldKind.DATE: _("日期，例如 2026-03-05"),
        FieldKind.YES_NO: _("填“是”或“否”"),
        FieldKind.CHOICE: _("从下拉选项中选一项"),
        FieldKind.CODE: _("从下拉选项中选一项"),
        FieldKind.DISTRICT: _("从下拉选项中选一项"),
        FieldKind.CHOICES: _("可填多项，各占一行或用顿号分开"),
        FieldKind.LIST: _("可填多项，各占一行或用顿号分开"),
        FieldKind.INTEGER: _("整数"),
        FieldKind.MONEY: _("金额，只填数字"),
        FieldKind.PERCENT: _("百分数，12.5% 填 12.5"),
    }
    return str(words.get(column.kind, ""))


def _is_kept(number: Decimal) -> bool:
    return len(number.normalize().as_tuple().digits) <= DIGITS and Decimal(repr(float(number))) == number


def _width(column: Field) -> int:
    return max(WIDTHS.get(column.kind, WIDTH), min(WIDEST, len(head_of(column)) + BESIDE))


def _letters(place: int) -> str:
    name: str = xlsxwriter.utility.xl_col_to_name(place)
    return name
