"""Exact numbers and days from text, bounded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MAX_DIGITS = 30


def to_decimal(text: str) -> Decimal | None:
    """An exact finite number of at most 30 characters (``_`` may set thousands apart), or ``None``."""
    stripped = text.strip().replace("_", "")
    if len(stripped) > MAX_DIGITS or not stripped.isascii():
        return None
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS else None


def to_date(text: str) -> date | None:
    """A day written ``2026-03-02``, or ``None``."""
    stripped = text.strip()
    if len(stripped) != len("2026-03-02") or not stripped.isascii():
        return None
    try:
        return date.fromisoformat(stripped)
    except ValueError:
        return None


def to_instant(text: str) -> datetime | None:
    """An instant with its offset (``2026-03-02T09:00:00+08:00``), or ``None``."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
