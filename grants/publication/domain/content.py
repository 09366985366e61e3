"""Frozen content: built once as canonical JSON, read back by pages, downloads and PDFs. It alone was published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.kernel.canonical import canonical_json, fingerprint
from grants.publication.domain.items import PublicItem, in_public_order, item_json, item_of, total_fen
from grants.publication.domain.period import Period
from grants.publication.domain.wording import (
    FINAL,
    list_preamble,
    list_title,
    notice_sections,
    notice_title,
    preamble,
    removal_words,
)

FORMAT = "1"
NOTICE, AWARD_LIST = "notice", "award_list"


@dataclass(frozen=True, slots=True)
class Column:
    """A public column: key of an item's or document's figure, and its head."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Round:
    """What a call and its definition contribute to whatever is published of it."""

    programme_code: str
    programme: str
    call_ref: str
    year: int
    unit: str
    contact: tuple[str, ...]
    basis: tuple[str, ...]
    with_district: bool
    notice_columns: tuple[Column, ...]
    award_columns: tuple[Column, ...]
    open_columns: tuple[Column, ...]
    dataset: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """A notice or list read back. ``total_fen`` in fen. ``doc_no``, ``notice_ref`` and ``applications`` (how many had
    applied) belong to lists."""

    kind: str
    ref: str
    version: int
    title: str
    unit: str
    preamble: str
    sections: tuple[tuple[str, str], ...]
    closing: str
    changes: str
    programme_code: str
    programme: str
    call_ref: str
    contact: tuple[str, ...]
    starts_on: date
    ends_on: date
    days: int
    issued_on: date
    items: tuple[PublicItem, ...]
    total_fen: int
    columns: tuple[Column, ...]
    open_columns: tuple[Column, ...]
    dataset: Mapping[str, str]
    audit_head: str
    doc_no: str
    notice_ref: str
    applications: int

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.days)


def notice_content(
    source: Round,
    items: Sequence[PublicItem],
    period: Period,
    *,
    ref: str,
    version: int,
    issued_on: date,
    audit_head: str,
    proposal_sha256: str,
    changes: str = "",
) -> dict[str, Any]:
    """The whole of a notice: domain.md, section 4.2."""
    total = total_fen(items)
    return {
        **_common(source, items, period, audit_head),
        "kind": NOTICE,
        "ref": ref,
        "version": version,
        "title": notice_title(source.year, source.programme, source.call_ref),
        "preamble": preamble(source.basis, with_district=source.with_district, items=len(items), total_fen=total),
        "sections": notice_sections(period, source.contact),
        "closing": FINAL,
        "changes": changes,
        "issued_on": issued_on,
        "columns": _columns(source.notice_columns),
        "proposal_sha256": proposal_sha256,
    }


def list_content(
    source: Round,
    notice: Published,
    *,
    ref: str,
    version: int,
    doc_no: str,
    announced_on: date,
    audit_head: str,
    applications: int,
) -> dict[str, Any]:
    """The whole of a final list, made from the notice it follows."""
    title = list_title(source.year, source.programme, source.call_ref)
    return {
        **_common(source, notice.items, notice.period, audit_head),
        "kind": AWARD_LIST,
        "ref": ref,
        "version": version,
        "title": title,
        "preamble": list_preamble(title, notice_ref=notice.ref, items=len(notice.items), total_fen=notice.total_fen),
        "sections": [],
        "closing": "",
        "changes": "",
        "issued_on": announced_on,
        "columns": _columns(source.award_columns),
        "doc_no": doc_no,
        "notice_ref": notice.ref,
        "applications": applications,
    }


def next_notice_content(
    source: Round,
    former: Published,
    removed: PublicItem,
    *,
    ref: str,
    issued_on: date,
    audit_head: str,
    proposal_sha256: str,
) -> dict[str, Any]:
    """The version after an upheld objection: one item less, the same period, and words that say so."""
    kept = [item for item in former.items if item.project_no != removed.project_no]
    return notice_content(
        source,
        in_public_order(kept),
        former.period,
        ref=ref,
        version=former.version + 1,
        issued_on=issued_on,
        audit_head=audit_head,
        proposal_sha256=proposal_sha256,
        changes=removal_words(removed.seq, removed.project_no, removed.project_name),
    )


def freeze(content: Mapping[str, Any]) -> tuple[str, str]:
    """Canonical text and its fingerprint."""
    return canonical_json(content).decode(), fingerprint(content)


def read_content(text: str) -> Published:
    """Frozen content as a value; numbers, text in canonical JSON, become numbers again."""
    content = json.loads(text)
    return Published(
        kind=content["kind"],
        ref=content["ref"],
        version=int(content["version"]),
        title=content["title"],
        unit=content["unit"],
        preamble=content["preamble"],
        sections=tuple((part["heading"], part["text"]) for part in content["sections"]),
        closing=content["closing"],
        changes=content["changes"],
        programme_code=content["programme"]["code"],
        programme=content["programme"]["title"],
        call_ref=content["call"],
        contact=tuple(content["contact"]),
        starts_on=date.fromisoformat(content["starts_on"]),
        ends_on=date.fromisoformat(content["ends_on"]),
        days=int(content["days"]),
        issued_on=date.fromisoformat(content["issued_on"]),
        items=tuple(item_of(item) for item in content["items"]),
        total_fen=int(content["total_fen"]),
        columns=tuple(Column(**column) for column in content["columns"]),
        open_columns=tuple(Column(**column) for column in content["open_columns"]),
        dataset=content["dataset"],
        audit_head=content["audit_head"],
        doc_no=content.get("doc_no", ""),
        notice_ref=content.get("notice_ref", ""),
        applications=int(content.get("applications", "0")),
    )


def _common(source: Round, items: Sequence[PublicItem], period: Period, audit_head: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "unit": source.unit,
        "contact": list(source.contact),
        "programme": {"code": source.programme_code, "title": source.programme},
        "call": source.call_ref,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "days": period.days,
        "items": [item_json(item) for item in items],
        "total_fen": total_fen(items),
        "open_columns": _columns(source.open_columns),
        "dataset": dict(source.dataset),
        "audit_head": audit_head,
    }


def _columns(columns: Sequence[Column]) -> list[dict[str, str]]:
    return [{"key": column.key, "label": column.label} for column in columns]
