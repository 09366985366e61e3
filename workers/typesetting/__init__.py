"""Typesetting with Typst (decision 28): what has been published, receipts, applications, written notices."""

from workers.typesetting.applications import typeset_application
from workers.typesetting.compiling import count_pages
from workers.typesetting.notices import notice_title, typeset_notice
from workers.typesetting.official import typeset
from workers.typesetting.receipts import typeset_receipt

__all__ = ["count_pages", "notice_title", "typeset", "typeset_application", "typeset_notice", "typeset_receipt"]
