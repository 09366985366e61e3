"""Lists of cases accepted in one go: totals by district, and what is left out by reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from grants.eligibility.states import ItemOutcome
from grants.kernel.districts import DISTRICTS
from grants.web.wording import reason_text


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one district, or left out for one reason: how many, what they ask for in fen, their numbers."""

    label: str
    count: int
    requested_fen: int
    refs: tuple[str, ...]


def by_district(items: Iterable[Any]) -> list[Group]:
    """What a list accepts, by district, the largest first."""
    chosen = [item for item in items if item.outcome is not ItemOutcome.LEFT_OUT]
    return _grouped((DISTRICTS.get(item.district_code or "", str(_("未填写"))), item) for item in chosen)


def left_out_by_reason(items: Iterable[Any]) -> list[Group]:
    """What a list leaves out, by reason in words, the most frequent first."""
    return _grouped((reason_text(item.reason), item) for item in items if item.outcome is ItemOutcome.LEFT_OUT)


def _grouped(labelled: Iterable[tuple[str, Any]]) -> list[Group]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for label, item in labelled:
        found[label].append(item)
    groups = [
        Group(label, len(items), sum(item.requested_fen for item in items), tuple(item.ref for item in items))
        for label, items in found.items()
    ]
    return sorted(groups, key=lambda group: (-group.count, group.label))
