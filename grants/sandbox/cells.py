"""The cells of a workbook's first sheet as the texts that a person would type for them. Formulas are never run."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from grants.sandbox.refusal import Refused

ROUNDED_FROM = 10**15  # from here on Excel keeps no more than 15 digits: what was typed may be lost
MAX_CELLS = 200_000


def cells(path: Path, kind: str, out: Path) -> dict[str, object]:
    """Write the lines to ``out`` as JSON: [[line number, [cell, ...]], ...], empty lines left out.

    Raises:
        Refused: it cannot be opened, or has more than MAX_CELLS cells.
    """
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                raise Refused("workbook_too_large")
            lines = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("file_broken") from error
    texts = [[text_of(cell) for cell in line] for line in lines]
    filled = [(number, line) for number, line in enumerate(texts, 1) if any(text.strip() for text in line)]
    out.write_text(json.dumps(filled, ensure_ascii=False), encoding="utf-8")
    return {"lines": len(filled)}


def text_of(cell: Any) -> str:
    """A cell as text: numbers without exponent, days as 2026-03-05, 是 and 否.

    A number beyond what Excel keeps exactly stays in scientific notation, so that it is seen to have lost digits.
    """
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= ROUNDED_FROM:
        return f"{cell:.5E}"
    text = f"{Decimal(repr(cell)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
