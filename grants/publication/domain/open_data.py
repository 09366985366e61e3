"""Public columns as rows: for tables on paper, for files that are opened elsewhere, and for figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grants.kernel import sheets
from grants.publication.domain.content import AWARD_LIST, Column, Published
from grants.publication.domain.items import PublicItem

ON_NOTICE, ANNOUNCED, REVOKED = "公示中", "已公告", "已撤销"
NUMERIC = frozenset({"seq", "amount", "amount_wan"})
ITEM_KEYS = (
    "seq",
    "project_no",
    "project_name",
    "version",
    "org_name",
    "uscc",
    "district_code",
    "district",
    "category",
    "amount",
    "amount_wan",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above a list: amounts in fen; pairs (label, number) largest first."""

    count: int
    total_fen: int
    median_fen: int
    by_district: Mapping[str, int]
    by_category: tuple[tuple[str, int], ...]


def cell(published: Published, item: PublicItem, key: str, status: str) -> str:
    """The text of one public column; raises KeyError for a key that no column may have."""
    if key in ITEM_KEYS:
        return str(getattr(item, key))
    document = {
        "batch": published.call_ref,
        "programme_code": published.programme_code,
        "publicity_start": published.starts_on.isoformat(),
        "publicity_end": published.ends_on.isoformat(),
        "status": status,
        "doc_no": published.doc_no,
        "published_at": published.issued_on.isoformat(),
    }
    return document[key]


def status_of(published: Published, *, revoked: bool = False, announced: bool = False) -> str:
    """公示中, 已公告 or 已撤销; ``announced``: the list that follows the notice is out."""
    if revoked:
        return REVOKED
    return ANNOUNCED if announced or published.kind == AWARD_LIST else ON_NOTICE


def rows_of(published: Published, columns: Sequence[Column], *, status: str) -> list[list[str]]:
    """One row per item, one text per column."""
    return [[cell(published, item, column.key, status) for column in columns] for item in published.items]


def csv_bytes(published: Published, *, status: str) -> bytes:
    """The open data set as CSV: UTF-8 with byte order mark, so that Excel reads it; cells that look like formulas are
    disarmed by an apostrophe."""
    headings = [column.label for column in published.open_columns]
    return sheets.csv_bytes(headings, rows_of(published, published.open_columns, status=status))


def open_json(published: Published, *, status: str, sha256: str) -> dict[str, Any]:
    """The open data set as JSON with its catalogue record and what each key means; money in yuan and in fen."""
    columns = published.open_columns
    records = [
        {**dict(zip((column.key for column in columns), row, strict=True)), **_numbers(item)}
        for row, item in zip(rows_of(published, columns, status=status), published.items, strict=True)
    ]
    return {
        "ref": published.ref,
        "version": published.version,
        "title": published.title,
        "doc_no": published.doc_no,
        "published_on": published.issued_on.isoformat(),
        "total_fen": published.total_fen,
        "sha256": sha256,
        "audit_head": published.audit_head,
        "dataset": dict(published.dataset),
        "fields": [{"key": column.key, "label": column.label} for column in columns],
        "items": records,
        "next": None,
    }


def figures_of(published: Published) -> Figures:
    """Count, sum, median of the amounts (the lower of two middles), and how they spread."""
    amounts = sorted(item.amount_fen for item in published.items)
    by_category: Counter[str] = Counter()
    for item in published.items:
        by_category[item.category or "其他"] += item.amount_fen
    ordered = sorted(by_category.items(), key=lambda pair: (-pair[1], pair[0]))
    return Figures(
        count=len(amounts),
        total_fen=published.total_fen,
        median_fen=amounts[(len(amounts) - 1) // 2] if amounts else 0,
        by_district=Counter(item.district_code for item in published.items),
        by_category=tuple(ordered),
    )


def _numbers(item: PublicItem) -> dict[str, Any]:
    return {"seq": item.seq, "amount_fen": item.amount_fen}
