"""Values as documents print them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from grants.kernel.clock import SHANGHAI
from grants.kernel.rules import Table
from grants.programmes.domain import Case, CaseView, Definition, Field

WIDE = frozenset({"W", "F"})
LATIN_EM = 0.55
BYTES_PER_MB = 1_048_576
PIECE = 12
UNBROKEN = re.compile(rf"[!-~]{{{2 * PIECE},}}")  # a word longer than a column is wide
MAY_BREAK = "\u200b"


def instant_words(instant: datetime) -> str:
    """``2026年3月2日 14:03:05（北京时间）``."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}（北京时间）"


def lines_of(text: str, width: int) -> list[str]:
    """Text cut into lines of ``width`` signs, Chinese ones counting twice; nothing is added or lost."""
    lines, line, used = [], "", 0
    for sign in text:
        size = 2 if unicodedata.east_asian_width(sign) in WIDE else 1
        if line and used + size > width:
            lines.append(line)
            line, used = "", 0
        line, used = line + sign, used + size
    return [*lines, line] if line else lines


def ems(text: str) -> float:
    """About how wide a text is, in units of its size."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in WIDE else LATIN_EM for sign in text)


def breakable(text: str) -> str:
    """Text whose endless words, addresses for instance, may break, so that none runs out of its column."""
    return UNBROKEN.sub(lambda found: MAY_BREAK.join(_pieces(found.group())), text)


def _pieces(word: str) -> list[str]:
    return [word[at : at + PIECE] for at in range(0, len(word), PIECE)]


def size_words(size_bytes: int) -> str:
    """``3.2 MB`` or ``86 KB``."""
    return f"{size_bytes / BYTES_PER_MB:.1f} MB" if size_bytes >= BYTES_PER_MB else f"{max(1, size_bytes // 1024)} KB"


def row_words(table: Field, row: str, number: int) -> str:
    """合同 2; of a fixed row its own name: 年度 2025."""
    return f"{table.row_label or '序号'} {row if table.fixed_rows else number}"


def slot_words(definition: Definition, case: Case, paper: Mapping[str, Any]) -> str:
    """The name of a paper's slot, and of which row where every row has its own."""
    slot = definition.document(paper["key"])
    if not paper["row"]:
        return slot.label
    table = definition.field(slot.rows_of)
    rows = CaseView(definition, case)[slot.rows_of]
    ids = [row.id for row in rows.rows] if isinstance(rows, Table) else []
    place = ids.index(paper["row"]) + 1 if paper["row"] in ids else 0
    return f"{slot.label}（{row_words(table, paper['row'], place)}）" if place else slot.label
