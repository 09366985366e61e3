"""Cells of a pasted block or a workbook, read by the inputs into which they would be typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from grants.applications.domain.cell_texts import items_of, options_of
from grants.applications.forms.answers import build_answer_form
from grants.programmes.domain import Definition, Field, FieldKind
from grants.questions import Asked, input_name, to_stored
from grants.web.fields.typed import plain, without_spaces

FEW_OPTIONS = 12
YES_WORDS = frozenset({"是", "有", "对", "yes", "y", "true", "1", "√", "✓"})
NO_WORDS = frozenset({"否", "无", "没有", "no", "n", "false", "0", "×", "✗"})
WRITTEN = frozenset({FieldKind.TEXT, FieldKind.USCC, FieldKind.PHONE, FieldKind.EMAIL, FieldKind.LIST})
ONE_LINE = frozenset({FieldKind.TEXT, FieldKind.USCC, FieldKind.PHONE, FieldKind.EMAIL})

_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d{2,}")
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?\Z")


@dataclass(frozen=True, slots=True)
class ReadCells:
    """Stored answers by column path, and a sentence for each that could not be read."""

    values: Mapping[str, Any]
    faults: Mapping[str, str]


class CellReader:
    """Reads line after line with one form, by the very rules of typing; a blank cell clears (None)."""

    def __init__(self, definition: Definition, columns: Sequence[Field]) -> None:
        self.definition = definition
        self._asked = {column.path: Asked(input_name(column.path), column) for column in columns}
        form = build_answer_form(definition, tuple(self._asked.values()))
        self._form = form(formdata=None, meta={"csrf": False})
        self._known: dict[tuple[str, str], tuple[Any, str]] = {}  # columns repeat themselves
        self._options = {column.path: choices_by_word(definition, column) for column in columns}

    def read(self, texts: Mapping[str, str]) -> ReadCells:
        """Read the cells of one line by column path."""
        values, faults = {}, {}
        for path, text in texts.items():
            if (path, text) not in self._known:
                self._known[path, text] = self._read_cell(self._asked[path], text)
            value, fault = self._known[path, text]
            if fault:
                faults[path] = fault
            else:
                values[path] = value
        return ReadCells(values, faults)

    def _read_cell(self, one: Asked, text: str) -> tuple[Any, str]:
        if not text.strip():
            return None, ""
        if one.field.kind in WRITTEN and _ROUNDED.fullmatch(without_spaces(text)):
            return None, str(_("长编码已被表格软件改成科学计数，后几位可能已经丢失。请把单元格设为文本后重新填写。"))
        given = MultiDict((one.name, piece) for piece in self._typed(one.field, text))
        field = self._form[one.name]
        field.process(given)
        if not field.validate(self._form):
            return None, str(field.errors[0]) + self._expected(one.field)
        return to_stored(one.field, field.data), ""

    def _typed(self, field: Field, text: str) -> list[str]:
        """What one would type or choose for this cell."""
        options = self._options[field.path]
        if field.kind is FieldKind.CHOICES:
            return [options.get(_option(part), part) for part in items_of(text)]
        if options:
            return [options.get(_option(text), text.strip())]
        convert = _TYPED.get(field.kind)
        return [convert(text) if convert else text]

    def _expected(self, field: Field) -> str:
        if field.kind is FieldKind.DATE:
            return str(_("日期请写成 2026-03-05 或 2026年3月5日。"))
        labels = [label for _code, label in options_of(self.definition, field)]
        if not labels:
            return ""
        shown = "、".join(labels[:FEW_OPTIONS])
        more = len(labels) > FEW_OPTIONS
        return str(_("可填：%(labels)s 等。", labels=shown) if more else _("可填：%(labels)s。", labels=shown))


def choices_by_word(definition: Definition, field: Field) -> dict[str, str]:
    """What the input takes, by everything people write for it: the label, the code, both."""
    if field.kind is FieldKind.YES_NO:
        return {**dict.fromkeys(YES_WORDS, "yes"), **dict.fromkeys(NO_WORDS, "no")}
    found: dict[str, str] = {}
    for code, label in options_of(definition, field):
        found |= dict.fromkeys((_option(label.removeprefix(f"{code} ")), _option(label), _option(code)), code)
    return found


def _option(text: str) -> str:
    return without_spaces(text).lower()


def _day(text: str) -> str:
    return _MIDNIGHT.sub("", plain(text))


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()


_TYPED: dict[FieldKind, Callable[[str], str]] = {
    FieldKind.DATE: _day,
    FieldKind.LIST: lambda text: "\n".join(items_of(text)),
    **dict.fromkeys(ONE_LINE, _one_line),
}
