"""The pure half of publication: periods, items, frozen content, open data. No clock, no database, no framework."""

from grants.publication.domain.content import (
    AWARD_LIST,
    NOTICE,
    Column,
    Published,
    Round,
    freeze,
    list_content,
    next_notice_content,
    notice_content,
    read_content,
)
from grants.publication.domain.items import PublicItem, in_public_order, public_item
from grants.publication.domain.open_data import (
    NUMERIC,
    Figures,
    csv_bytes,
    figures_of,
    open_json,
    rows_of,
    status_of,
)
from grants.publication.domain.period import Period, notice_period
from grants.publication.domain.wording import day_text, list_title, notice_title, round_name

__all__ = [
    "AWARD_LIST",
    "NOTICE",
    "NUMERIC",
    "Column",
    "Figures",
    "Period",
    "PublicItem",
    "Published",
    "Round",
    "csv_bytes",
    "day_text",
    "figures_of",
    "freeze",
    "in_public_order",
    "list_content",
    "list_title",
    "next_notice_content",
    "notice_content",
    "notice_period",
    "notice_title",
    "open_json",
    "public_item",
    "read_content",
    "round_name",
    "rows_of",
    "status_of",
]
