"""Errors of publication."""

from __future__ import annotations

from grants.kernel.errors import DomainError


class ObjectionUndecidedError(DomainError):
    """An item of the list has an objection that nobody has decided; ``items`` are their project numbers."""

    code = "objection_undecided"


class NoticeStillRunsError(DomainError):
    """The last day of the notice is not over."""

    code = "notice_still_runs"


class PdfNotReadyError(DomainError):
    """The worker has not typeset the document yet."""

    code = "pdf_not_ready"
    status = "missing"
