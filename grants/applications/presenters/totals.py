"""Sums under a table: of every column of money, exact, in the column's unit of entry."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from grants.applications.domain import Draft
from grants.programmes.domain import Field, FieldKind, to_case_value
from grants.programmes.domain.reading import words_of


def column_total(draft: Draft, table: Field, column: Field) -> str:
    """The sum of a column of money over all rows, without unit; empty for other columns. What is blank counts as 0."""
    if column.kind is not FieldKind.MONEY:
        return ""
    fen = sum(int(draft.value(column.path, row) or 0) for row in draft.row_ids(table))
    return words_of(draft.definition, column, to_case_value(column, fen), with_unit=False)


def totals_foot(draft: Draft, table: Field, columns: Sequence[Field]) -> list[str] | None:
    """The last line of a table under these columns; None where none of them is summed."""
    totals = [column_total(draft, table, column) for column in columns]
    return totals if any(totals) and draft.row_ids(table) else None


def named_foot(foot: list[str] | None, *, beside: bool) -> list[str] | None:
    """The line with its name: ``beside`` the first column, or in its place where that has no sum."""
    if foot is None:
        return None
    name = str(_("合计"))
    return [name, *foot] if beside else [foot[0] or name, *foot[1:]]


def other_totals(draft: Draft, table: Field, shown: Sequence[Field]) -> list[tuple[str, str]]:
    """Label and sum with unit of the columns of money that the section's short table leaves out."""
    left_out = [column for column in table.columns if column.kind is FieldKind.MONEY and column not in shown]
    if not draft.row_ids(table):
        return []
    return [(column.label, f"{column_total(draft, table, column)} {unit_text(column)}") for column in left_out]


def unit_text(column: Field) -> str:
    """万元 or 元 of a column of money."""
    return str(_("万元")) if column.unit == "wan_yuan" else str(_("元"))
