"""Keyset paging: a page costs the same wherever it lies, and a row that arrives meanwhile shifts nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from grants.kernel.errors import InvalidError

T = TypeVar("T")
MAX_CURSOR = 1_000  # characters; ours have less than two hundred


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; ``next`` and ``previous`` are cursors for the query string, None at either end."""

    items: tuple[T, ...]
    next: str | None
    previous: str | None


def paginate(
    session: Session,
    query: Select[Any],
    *,
    key: Sequence[InstrumentedAttribute[Any]],
    after: str | None = None,
    before: str | None = None,
    limit: int = 25,
    descending: bool = False,
) -> Page[Any]:
    """Fetch one page of ``query`` ordered by ``key``, whose last column must be unique and which holds no NULL.

    ``query`` selects either one entity or rows that carry the key columns under their own names.
    Raises InvalidError (``bad_cursor``) for a cursor that was not made here.
    """
    backwards = before is not None
    cursor = before if backwards else after
    rising = backwards == descending
    if cursor is not None:
        columns, values = tuple_(*key), tuple(_values(cursor, key))
        query = query.where(columns > values if rising else columns < values)
    ordered = query.order_by(*(_directed(column, rising) for column in key)).limit(limit + 1)
    rows = list(_fetch(session, ordered))
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    return Page(
        items=tuple(rows),
        next=_cursor(rows[-1], key) if rows and (more or backwards) else None,
        previous=_cursor(rows[0], key) if rows and (more if backwards else after is not None) else None,
    )


def _fetch(session: Session, query: Select[Any]) -> Sequence[Any]:
    result = session.execute(query)
    return result.scalars().all() if len(query.column_descriptions) == 1 else result.all()


def _directed(column: InstrumentedAttribute[Any], rising: bool) -> ColumnElement[Any]:
    return column.asc() if rising else column.desc()


def _cursor(row: Any, key: Sequence[InstrumentedAttribute[Any]]) -> str:
    values = [_text(getattr(row, column.key)) for column in key]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _text(value: object) -> object:
    return value if isinstance(value, int) else str(value)


def _values(cursor: str, key: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    """The key values a cursor stands for; whatever was not made by ``_cursor`` is refused."""
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(value, column.type.python_type) for value, column in zip(values, key, strict=True)]
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidError("bad_cursor") from error


def _typed(value: Any, kind: type[Any]) -> Any:
    if issubclass(kind, int):
        return _whole(value)
    if not isinstance(value, str):
        raise TypeError("a text was written here")
    if issubclass(kind, datetime):
        return _instant(value)
    if issubclass(kind, date):
        return date.fromisoformat(value)
    return UUID(value) if kind is UUID else kind(_storable(value))


def _whole(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError("no number a column can hold")
    return value


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def _storable(value: str) -> str:
    value.encode()  # half a surrogate pair cannot be sent
    if "\0" in value:
        raise ValueError("PostgreSQL keeps no NUL")
    return value
