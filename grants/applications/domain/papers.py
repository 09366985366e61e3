"""PDFs of an application: which there are, how far one has come."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

KEPT = timedelta(days=7)  # how long a PDF of a draft can be fetched


class PdfKind(StrEnum):
    RECEIPT = "receipt"  # of one revision
    FORM = "form"  # the application as handed in, of one revision
    DRAFT = "draft"  # the application as filled in so far


class PdfState(StrEnum):
    QUEUED = "queued"
    MADE = "made"
    FAILED = "failed"
