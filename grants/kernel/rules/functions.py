"""Functions of known values. Where one has no result (a day beyond the calendar, a step of zero) it is undefined."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from grants.kernel.rules.kinds import Kind
from grants.kernel.rules.texts import same_text, same_version
from grants.kernel.rules.values import ARITHMETIC, UNDEFINED, Unknown, Value
from grants.kernel.uscc import valid_uscc

MOST = Decimal(10_000_000)  # beyond any count of days, months or characters that makes sense


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is called, shown in faults as ``usage``, and what it does with known arguments.

    ``by_length``: it takes time with the length of its texts, so rows pay steps for that.
    """

    usage: str
    parameters: tuple[tuple[Kind, ...], ...]
    result: Kind
    apply: Callable[..., Value]
    by_length: bool = False


def whole(number: Decimal) -> int | None:
    """The number as an int, or None if it is not a whole one of sensible size."""
    if abs(number) > MOST or number != number.to_integral_value():
        return None
    return int(number)


def add_months(day: date, months: Decimal) -> date | Unknown:
    """The same day ``months`` later (earlier if negative), or the last of that month."""
    count = whole(months)
    if count is None:
        return UNDEFINED
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not date.min.year <= year <= date.max.year:
        return UNDEFINED
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: Decimal) -> date | Unknown:
    """The day ``days`` later (earlier if negative), weekends and holidays counted."""
    count = whole(days)
    if count is None:
        return UNDEFINED
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return UNDEFINED


def length(of: str | tuple[str, ...]) -> Decimal:
    """How many characters a text or items a list has."""
    return Decimal(len(of))


def slice_text(text: str, start: Decimal, count: Decimal) -> str | Unknown:
    """``count`` characters from the ``start``-th, counted from 1; fewer where the text ends."""
    first, size = whole(start), whole(count)
    if first is None or size is None or first < 1 or size < 0:
        return UNDEFINED
    return text[first - 1 : first - 1 + size]


def floor_to(amount: Decimal, step: Decimal) -> Decimal | Unknown:
    """The greatest multiple of ``step`` that is not above ``amount``; undefined unless ``step`` is above 0."""
    if step <= 0:
        return UNDEFINED
    try:
        quotient = ARITHMETIC.divide_int(amount, step)
        floored = ARITHMETIC.multiply(quotient, step)
        return ARITHMETIC.subtract(floored, step) if floored > amount else floored
    except ArithmeticError:
        return UNDEFINED


def first_of(items: tuple[str, ...]) -> str | Unknown:
    """The first item of a list; undefined if there is none."""
    return items[0] if items else UNDEFINED


def any_same(items: tuple[str, ...], text: str) -> bool:
    """Whether an item is the same text."""
    return any(same_text(item, text) for item in items)


def starts_with(text: str, beginning: str) -> bool:
    """Exact."""
    return text.startswith(beginning)


def contains(text: str, part: str) -> bool:
    """Exact."""
    return part in text


_TEXT, _NUMBER, _DATE, _LIST = (Kind.TEXT,), (Kind.NUMBER,), (Kind.DATE,), (Kind.LIST,)
SIGNATURES: dict[str, Signature] = {
    "add_months": Signature("add_months(日期, 月数)", (_DATE, _NUMBER), Kind.DATE, add_months),
    "add_days": Signature("add_days(日期, 天数)", (_DATE, _NUMBER), Kind.DATE, add_days),
    "length": Signature("length(文字或列表)", ((Kind.TEXT, Kind.LIST),), Kind.NUMBER, length),
    "slice": Signature("slice(文字, 从第几个字符, 字符数)", (_TEXT, _NUMBER, _NUMBER), Kind.TEXT, slice_text),
    "starts_with": Signature("starts_with(文字, 开头)", (_TEXT, _TEXT), Kind.YES_NO, starts_with),
    "contains": Signature("contains(文字, 其中的文字)", (_TEXT, _TEXT), Kind.YES_NO, contains),
    "same_text": Signature("same_text(文字, 文字)", (_TEXT, _TEXT), Kind.YES_NO, same_text, by_length=True),
    "same_version": Signature("same_version(版本, 版本)", (_TEXT, _TEXT), Kind.YES_NO, same_version, by_length=True),
    "valid_uscc": Signature("valid_uscc(信用代码)", (_TEXT,), Kind.YES_NO, valid_uscc),
    "floor_to": Signature("floor_to(数字, 取整单位)", (_NUMBER, _NUMBER), Kind.NUMBER, floor_to),
    "first_of": Signature("first_of(列表)", (_LIST,), Kind.TEXT, first_of),
    "any_same": Signature("any_same(列表, 文字)", (_LIST, _TEXT), Kind.YES_NO, any_same, by_length=True),
}
SPECIAL_USAGES: dict[str, str] = {
    "if": "if(条件, 是则取, 否则取)",
    "is_missing": "is_missing(字段或材料)",
    "coalesce": "coalesce(值, 缺失时取)",
    "date": 'date("2026-03-02")',
    "sum": "sum(表格, 数字)",
    "count": "count(表格)",
    "min": "min(表格, 值) 或 min(值, 值, …)",
    "max": "max(表格, 值) 或 max(值, 值, …)",
    "all": "all(表格, 条件)",
    "any": "any(表格, 条件)",
    "where": "where(表格, 条件)",
    "first": "first(表格, 行数, by=排序的值)",
    "last_of": "last_of(表格, 列)",
}
USAGES: dict[str, str] = {name: signature.usage for name, signature in SIGNATURES.items()} | SPECIAL_USAGES
