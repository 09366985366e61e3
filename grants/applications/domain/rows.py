"""The order of a table's rows: its mark, and what a move makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from grants.applications.domain.drafts import Draft, digest
from grants.programmes.domain import Field


def has_own_rows(table: Field) -> bool:
    """Whether people add and delete the table's rows; else they are fixed or follow those of another."""
    return not table.rows_of and table.fixed_rows is None


def order_mark(row_ids: Sequence[str]) -> str:
    """The order of standing rows in short: a move carries the one it was shown with, as a cell carries its version."""
    return digest(list(row_ids))


def table_mark(draft: Draft, table: Field) -> str:
    """Rows and cells of a table in short: two marks differ when a row or a cell of it was changed."""
    return digest([[row, draft.row_digest(table, row)] for row in draft.row_ids(table)])


def reordered(rows: Sequence[str], standing: Sequence[str], moved: str, places: int) -> list[str]:
    """All rows after ``moved`` has gone so many places up (negative) or down among the standing ones.

    Args:
        rows: ids of all rows in order, deleted ones too: they keep their place behind the row they stood behind, so
            that one that is restored comes back where it was.
        standing: ids of the rows that are not deleted, in order, ``moved`` among them.
    """
    others = [row for row in standing if row != moved]
    target = max(0, min(len(others), standing.index(moved) + places))
    left = [row for row in rows if row != moved]
    if not others:
        return [*left, moved]
    place = left.index(others[target - 1]) + 1 if target else left.index(others[0])
    return [*left[:place], moved, *left[place:]]
