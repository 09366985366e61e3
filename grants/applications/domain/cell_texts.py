"""What people write into one cell: options by label or code, several items, amounts in the column's unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grants.kernel.districts import DISTRICTS
from grants.kernel.money import FEN_PER_YUAN, YUAN_PER_WAN
from grants.programmes.domain import Definition, Field, FieldKind, Phase

YES, NO = "是", "否"
NUMBERS = frozenset({FieldKind.MONEY, FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.PERCENT})
NEVER_TYPED = frozenset({FieldKind.COMPUTED, FieldKind.TABLE, FieldKind.UNDERTAKING})
_PARTS = re.compile(r"[、；;]")


def filled_columns(table: Field) -> tuple[Field, ...]:
    """The columns one fills in, in order; the name of a fixed row is not among them."""
    fixed = table.fixed_rows.column if table.fixed_rows is not None else ""
    return tuple(
        column
        for column in table.columns
        if column.kind not in NEVER_TYPED and column.phase is Phase.APPLICATION and column.key != fixed
    )


def options_of(definition: Definition, field: Field) -> list[tuple[str, str]]:
    """Code and label of everything that may be chosen, as it is shown; empty for a field without choices."""
    if field.kind is FieldKind.DISTRICT:
        return list(DISTRICTS.items())
    if field.kind is FieldKind.CODE:
        return [(item.code, f"{item.code} {item.label}") for item in definition.named_list(field.list_name).items]
    return [(choice, field.choice_labels.get(choice, choice)) for choice in field.choices]


def items_of(text: str) -> list[str]:
    """The items of a list in one cell: one to a line, or in one line parted by 、 or ；."""
    parts = text.split("\n") if "\n" in text else _PARTS.split(text)
    return [part.strip() for part in parts if part.strip()]


def cell_of_items(items: Sequence[str]) -> str:
    """Items in one cell, so that ``items_of`` gives them back: a single one that could be parted ends its line."""
    text = "\n".join(items)
    return f"{text}\n" if len(items) == 1 and _PARTS.search(text) else text


def number_of(column: Field, stored: Any) -> Decimal:
    """A stored number as it is typed: money in the column's unit of entry."""
    if column.kind is not FieldKind.MONEY:
        return Decimal(str(stored))
    return Decimal(stored) / (FEN_PER_YUAN * (YUAN_PER_WAN if column.unit == "wan_yuan" else 1))


def cell_text(definition: Definition, column: Field, stored: Any) -> str:
    """A stored answer as one would type it into its cell; empty for none."""
    if stored is None:
        return ""
    if column.kind in NUMBERS:
        text = f"{number_of(column, stored):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(stored, bool):
        return YES if stored else NO
    labels = dict(options_of(definition, column))
    if isinstance(stored, list):
        return cell_of_items([str(labels.get(item, item)) for item in stored])
    return labels.get(str(stored), str(stored))
