"""Stored answers as somebody types them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from grants.programmes.domain import Field, FieldKind
from tests.support.walking.visitor import Typed

FEN = {"yuan": 100, "wan_yuan": 1_000_000}


def input_name(path: str, row: str = "") -> str:
    """The name of an answer's input; part of the address of a page, so written down here once more."""
    return "a-" + path.replace(".", "-") + (f"--{row.replace('.', '-')}" if row else "")


def as_typed(field: Field, stored: Any) -> Typed:
    """What goes into the field's input."""
    if field.kind is FieldKind.MONEY:
        return f"{Decimal(stored) / FEN[field.unit or 'yuan']:f}"
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(stored)
    if field.kind is FieldKind.YES_NO:
        return "yes" if stored else "no"
    if field.kind is FieldKind.LIST:
        return "\n".join(stored)
    if field.kind is FieldKind.CHOICES:
        return list(stored)
    return str(stored)
