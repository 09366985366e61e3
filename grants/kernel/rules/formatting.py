"""Values as people read them in messages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta, timezone
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal

from grants.kernel.rules.values import Cause, Table, Unknown, Value

NOT_KNOWN = "（未取得）"
NOT_GIVEN = {
    Cause.ANSWER: "（未填写）",
    Cause.DOCUMENT: "（未上传）",
}  # what nobody gave is not what a register withheld
PLACES, PERCENT_PLACES = 2, 1  # of a number that has more than PLACES of its own
MOST_PLACES = 34  # what expressions are reckoned with
_EXACT = Context(prec=MAX_PREC, rounding=ROUND_HALF_UP)
SHANGHAI = timezone(timedelta(hours=8))  # without summer time since 1992


def format_value(value: Value) -> str:
    """A value in words: exact numbers, dates as 2026年3月2日, instants in Shanghai time, tables as a number of rows."""
    if isinstance(value, Unknown):
        return NOT_GIVEN.get(value.cause, NOT_KNOWN)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Table):
        return f"{len(value.rows)} 行"
    return value


def format_number(number: Decimal) -> str:
    """All digits, none that say nothing, thousands separated: ``1,233,333.5``."""
    if number == 0:
        return "0"
    text = format(number, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shorten(number: Decimal, *, percent: bool = False, beside: Collection[Decimal] = ()) -> Decimal:
    """A number as a sentence tells it: with at most two decimals it stays, any other is rounded half up to two, a
    percentage to one.

    It never comes to read like another number: it keeps as many decimals more as set it apart from zero and from those
    ``beside`` it, or 0.30004 would "exceed 0.3" as 0.3.
    """
    if _rounded(number, PLACES) == number:
        return number
    others = {Decimal(0), *(other for other in beside if other != number)}
    for places in range(PERCENT_PLACES if percent else PLACES, MOST_PLACES):
        short = _rounded(number, places)
        if all(short != _rounded(other, places) for other in others):
            return short
    return number


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def format_day(day: date) -> str:
    """``2026年3月2日``, and for an instant the time of day in Shanghai."""
    if not isinstance(day, datetime):
        return f"{day.year}年{day.month}月{day.day}日"
    local = day.astimezone(SHANGHAI)
    seconds = f":{local.second:02d}" if local.second else ""
    return f"{local.year}年{local.month}月{local.day}日 {local.hour:02d}:{local.minute:02d}{seconds}"
