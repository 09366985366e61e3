"""Template filters: Shanghai time, money, codes. Plain functions: Babel's formatters cost too much inside a table."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation

from flask import Flask

from grants.kernel.clock import SHANGHAI
from grants.kernel.districts import DISTRICTS
from grants.kernel.money import wan_text, yuan_text
from grants.web.wording import reason_text, state_label, state_tone

WEEKDAYS = "一二三四五六日"


def local_time(instant: datetime | None) -> str:
    """``2026年3月2日（周一）09:00`` in Shanghai; empty for None."""
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def short_time(instant: datetime | None) -> str:
    """``3月2日 09:00`` in Shanghai, for dense tables."""
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def local_date(day: date | datetime | None) -> str:
    """``2026年3月2日``; an instant is taken in Shanghai."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(SHANGHAI).date()
    return f"{day.year}年{day.month}月{day.day}日"


def file_size(size_bytes: int) -> str:
    """``3.2 MB`` or ``86 KB``."""
    return f"{size_bytes / 1_048_576:.1f} MB" if size_bytes >= 1_048_576 else f"{max(1, size_bytes // 1024)} KB"


def points(hundredths: int | None) -> str:
    """Points from hundredths: ``83.50``."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def share_text(share: Decimal | float | str) -> str:
    """``85.8%``: a share as a percentage, cut after one decimal: it never reads as the line that it falls short of."""
    try:
        tenths = (Decimal(str(share)) * 1000).to_integral_value(ROUND_DOWN)
    except InvalidOperation:
        return str(share)
    return f"{tenths / 10:.1f}%"


def district_name(code: str | None) -> str:
    """The district's name; a code that is not one of the 16 is shown as it is."""
    return DISTRICTS.get(code or "", code or "")


def install_filters(app: Flask) -> None:
    """Register every filter of this module."""
    app.jinja_env.filters.update(
        local_time=local_time,
        short_time=short_time,
        local_date=local_date,
        yuan=yuan_text,
        wan=wan_text,
        file_size=file_size,
        points=points,
        share=share_text,
        district_name=district_name,
        reason_text=reason_text,
        state_label=state_label,
        state_tone=state_tone,
    )
