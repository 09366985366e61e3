"""The way between what is stored and what is typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from grants.programmes.domain import Field, FieldKind


def to_typed(field: Field, stored: Any) -> Any:
    """The stored form of an answer as its input wants it."""
    if stored is None:
        return None
    convert = TO_TYPED.get(field.kind)
    return convert(stored) if convert else stored


def to_stored(field: Field, typed: Any) -> Any:
    """What an input gives, in the form that is stored; nothing at all is None."""
    if typed is None or typed in ("", (), []):
        return None
    convert = TO_STORED.get(field.kind)
    return convert(typed) if convert else typed


def _stored_text(typed: str) -> str | None:
    lines = unicodedata.normalize("NFC", typed.replace("\r\n", "\n")).strip()
    return lines or None


TO_TYPED: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.DECIMAL: Decimal,
    FieldKind.PERCENT: Decimal,
    FieldKind.DATE: date.fromisoformat,
    FieldKind.CHOICES: tuple,
    FieldKind.LIST: tuple,
}
TO_STORED: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.TEXT: _stored_text,
    FieldKind.LONG_TEXT: _stored_text,
    FieldKind.PHONE: _stored_text,
    FieldKind.EMAIL: _stored_text,
    FieldKind.DECIMAL: lambda number: f"{number:f}",
    FieldKind.PERCENT: lambda number: f"{number:f}",
    FieldKind.DATE: date.isoformat,
    FieldKind.CHOICES: list,
    FieldKind.LIST: lambda items: [unicodedata.normalize("NFC", item) for item in items],
}
