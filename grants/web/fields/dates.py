"""A date in three inputs; a whole date pasted into the first fills all, with or without JavaScript."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field
from wtforms.utils import unset_value

from grants.web.attributes import attributes_text
from grants.web.fields.typed import MAX_TYPED, plain

PARTS = ("y", "m", "d")
FIRST_YEAR, LAST_YEAR = 1900, 2199

_WHOLE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def whole_date_parts(text: str) -> tuple[str, str, str] | None:
    """Year, month and day of a date written in one piece (2026-03-02, 2026/3/2, 2026年3月2日, 20260302), else None."""
    written = plain(text[:MAX_TYPED])
    found = _WHOLE.fullmatch(written) or _COMPACT.fullmatch(written)
    return (found[1], found[2], found[3]) if found else None


def parse_date(year: str, month: str, day: str) -> date:
    """The date of three typed parts; ValueError with a Chinese sentence that says which part to look at."""
    if not (year and month and day):
        raise ValueError(_("请把年、月、日填完整。"))
    if not all(part.isdecimal() and part.isascii() for part in (year, month, day)):
        raise ValueError(_("年、月、日请填数字，例如 2026 年 3 月 2 日。"))
    if len(year) != 4 or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(_("年份请填四位数字，在 %(first)s 到 %(last)s 之间。", first=FIRST_YEAR, last=LAST_YEAR))
    try:
        return date(int(year), int(month[:3]), int(day[:3]))
    except ValueError:
        shown = {"y": year, "m": month[:3], "d": day[:3]}
        raise ValueError(_("没有 %(y)s年%(m)s月%(d)s日 这一天，请核对。", **shown)) from None


class DatePartsWidget:
    """Three short inputs with their words; ids ``<id>-y``, ``<id>-m``, ``<id>-d``. Keywords go on each input."""

    def __call__(self, field: DatePartsField, **kwargs: Any) -> Markup:
        kwargs = {**(field.render_kw or {}), **kwargs}
        kwargs.pop("id", None)
        kwargs.setdefault("class", "form-control")
        words = {"y": _("年"), "m": _("月"), "d": _("日")}
        inputs = [self._part(field, part, str(words[part]), kwargs) for part in PARTS]
        return Markup('<span class="datebox" data-date-parts>{}</span>').format(Markup("").join(inputs))

    def _part(self, field: DatePartsField, part: str, word: str, kwargs: dict[str, Any]) -> Markup:
        part_id = f"{field.id}-{part}"
        params = attributes_text(
            id=part_id, name=f"{field.name}-{part}", type="text", inputmode="numeric", value=field.part(part), **kwargs
        )
        return Markup('<span class="datebox__part datebox__part--{part}"><input {params}>{label}</span>').format(
            part=part, params=params, label=Markup('<label for="{}">{}</label>').format(part_id, word)
        )


class DatePartsField(Field):
    """A calendar day from three inputs ``name-y``, ``name-m``, ``name-d``; data is a date, or None when all are empty.

    Bounds ``minimum`` and ``maximum`` include their own day.
    """

    control = "date"
    widget = DatePartsWidget()

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        minimum: date | None = None,
        maximum: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.minimum, self.maximum = minimum, maximum
        self.label.field_id = f"{self.id}-y"
        self._typed: dict[str, str] | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the three parts (or a whole date under the field's own name), then go on as every field does."""
        self._typed = self._parts_of(formdata) if formdata is not None else None
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[str]) -> None:
        if self._typed is None:
            return
        year, month, day = (self._typed[part] for part in PARTS)
        whole = whole_date_parts(year)
        if whole and not (month and day):
            year, month, day = whole
            self._typed = dict(zip(PARTS, whole, strict=True))
        self.data = None
        self.raw_data = ["-".join((year, month, day))] if year or month or day else []
        if self.raw_data:
            self.data = self._within_bounds(parse_date(year, month, day))

    def part(self, part: str) -> str:
        """What stands in one of the three inputs: as typed, else from the date."""
        if self._typed is not None:
            return self._typed[part]
        if not isinstance(self.data, date):
            return ""
        return str({"y": self.data.year, "m": self.data.month, "d": self.data.day}[part])

    def _parts_of(self, formdata: Any) -> dict[str, str] | None:
        names = {part: f"{self.name}-{part}" for part in PARTS}
        if not any(name in formdata for name in (*names.values(), self.name)):
            return None
        typed = {part: "".join(formdata.getlist(name)[:1]) for part, name in names.items()}
        typed["y"] = typed["y"] or "".join(formdata.getlist(self.name)[:1])
        return {part: plain(text[:MAX_TYPED]) for part, text in typed.items()}

    def _within_bounds(self, day: date) -> date:
        if self.minimum is not None and day < self.minimum:
            raise ValueError(_("不能早于 %(day)s。", day=_words(self.minimum)))
        if self.maximum is not None and day > self.maximum:
            raise ValueError(_("不能晚于 %(day)s。", day=_words(self.maximum)))
        return day


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
