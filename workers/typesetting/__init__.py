"""Typesetting with Typst (decision 28): what has been published, receipts, applications."""

from workers.typesetting.applications import typeset_application
from workers.typesetting.compiling import count_pages
from workers.typesetting.official import typeset
from workers.typesetting.receipts import typeset_receipt

__all__ = ["count_pages", "typeset", "typeset_application", "typeset_receipt"]
