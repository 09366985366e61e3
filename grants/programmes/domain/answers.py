"""One answer in its three forms: as stored (money in fen), in a case's JSON (money in yuan), as a value of rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grants.kernel.money import FEN_PER_YUAN, to_yuan
from grants.kernel.rules import Cause, Kind, Table, Unknown, Value
from grants.programmes.domain.kinds import LIST_KINDS, NUMBER_KINDS, YES_NO_KINDS, FieldKind
from grants.programmes.domain.model import Field
from grants.programmes.domain.scalars import to_date, to_decimal, to_instant

MISSING = Unknown(Cause.ANSWER)
LISTED = (list, tuple)  # a union would be made anew each time that it is asked for
NUMERIC = (str, int, float, Decimal)
MAX_LIST_ITEMS = 200
MAX_TEXT = 20_000


class WrongKindError(ValueError):
    """A value is not of its field's kind; the message is a Chinese sentence."""


def to_case_json(field: Field, stored: Any) -> Any:
    """The JSON of a case from a stored answer: money from fen to a text of yuan, everything else as it is."""
    if stored is None or field.kind is not FieldKind.MONEY:
        return stored
    return f"{to_yuan(int(stored)):f}"


def to_case_value(field: Field, stored: Any) -> Value:
    """The rule value of a stored answer; what is missing is unknown (an undertaking: false).

    Raises:
        WrongKindError: ``stored`` is not of the field's kind.
    """
    return from_case_json(field, to_case_json(field, stored))


def from_case_json(field: Field, raw: Any) -> Value:
    """The rule value of a case's JSON; ``None``, blank text and empty lists are missing; credit codes in upper case.

    Raises:
        WrongKindError: ``raw`` is not of the field's kind.
    """
    if is_blank(raw):
        return False if field.kind is FieldKind.UNDERTAKING else MISSING
    if field.kind in NUMBER_KINDS:
        return _number(field, raw)
    if field.kind in YES_NO_KINDS:
        return _yes_no(raw)
    if field.kind in LIST_KINDS:
        return _texts(raw)
    if field.kind is FieldKind.DATE:
        return _day(raw)
    return _text(raw).upper() if field.kind is FieldKind.USCC else _text(raw)


def is_blank(raw: Any) -> bool:
    """Nothing was answered: ``None``, blank text, no items."""
    if isinstance(raw, str):
        return not raw or raw.isspace()
    return raw is None or (isinstance(raw, LISTED) and not raw)


def to_json_value(value: Value) -> Any:
    """The JSON of a rule value as a case carries it; unknown is ``None``, tables are lists of rows."""
    match value:
        case Unknown():
            return None
        case bool() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case tuple():
            return list(value)
        case Table():
            return [
                {"id": row.id, **{key: to_json_value(cell) for key, cell in row.cells.items()}} for row in value.rows
            ]
    return value.isoformat()


def of_kind(kind: Kind, raw: Any) -> Value:
    """The rule value of evidence: the kinds of a register's columns.

    Raises:
        WrongKindError: ``raw`` is not of that kind.
    """
    match kind:
        case Kind.NUMBER:
            return _decimal(raw)
        case Kind.YES_NO:
            return _yes_no(raw)
        case Kind.DATE:
            return _day(raw)
        case Kind.LIST:
            return _texts(raw)
        case Kind.INSTANT:
            return _instant(raw)
    return _text(raw)


def _number(field: Field, raw: Any) -> Decimal:
    number = _decimal(raw)
    if field.kind is FieldKind.INTEGER and number != number.to_integral_value():
        raise WrongKindError("应为整数")
    if field.kind is FieldKind.MONEY and number * FEN_PER_YUAN != (number * FEN_PER_YUAN).to_integral_value():
        raise WrongKindError("金额（元）至多两位小数")
    return number


def _decimal(raw: Any) -> Decimal:
    number = to_decimal(str(raw)) if isinstance(raw, NUMERIC) and not isinstance(raw, bool) else None
    if number is None:
        raise WrongKindError("应为数字")
    return number


def _yes_no(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise WrongKindError("应为 true 或 false")
    return raw


def _day(raw: Any) -> date:
    day = to_date(raw) if isinstance(raw, str) else raw if type(raw) is date else None
    if day is None:
        raise WrongKindError("应为日期（如 2026-03-02）")
    return day


def _instant(raw: Any) -> datetime:
    instant = to_instant(raw) if isinstance(raw, str) else raw if isinstance(raw, datetime) else None
    if instant is None:
        raise WrongKindError("应为带时区的时刻（如 2026-03-02T09:00:00+08:00）")
    return instant


def _texts(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, str) or not isinstance(raw, Sequence) or len(raw) > MAX_LIST_ITEMS:
        raise WrongKindError(f"应为不超过 {MAX_LIST_ITEMS} 项的文字列表")
    return tuple(text for item in raw if (text := _text(item).strip()))


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT:
        raise WrongKindError(f"应为不超过 {MAX_TEXT} 字的文字")
    return unicodedata.normalize("NFC", raw)
