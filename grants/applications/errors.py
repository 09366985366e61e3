"""Errors of applications."""

from __future__ import annotations

from collections.abc import Sequence

from grants.kernel.errors import DomainError, InvalidError
from grants.programmes.domain import Gap


class IncompleteApplicationError(InvalidError):
    """Something required is missing or out of bounds; ``gaps`` are all of it, in form order. Nothing has changed."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        super().__init__("application_incomplete", gaps=[gap.message for gap in self.gaps])


class RowGoneError(DomainError):
    """Somebody has deleted the row meanwhile; what was typed for it has not been stored."""

    code = "row_gone"


class RowChangedError(DomainError):
    """The row to be deleted is no longer as it was shown."""

    code = "row_changed"


class OrderChangedError(DomainError):
    """The rows to be put in order no longer stand as they were shown."""

    code = "order_changed"


class DraftChangedError(DomainError):
    """The draft to be submitted is no longer as it was shown to whoever submits it; nothing was submitted."""

    code = "draft_changed"


class OtherPersonError(DomainError):
    """The page was made for somebody else than who is signed in now; nothing of it is stored."""

    code = "other_person"


class TableChangedError(DomainError):
    """The rows that an import was to replace are no longer those that were shown."""

    code = "table_changed"


class ApplicationExistsError(DomainError):
    """The organisation has an application in this call already; the person has to want another one."""

    code = "application_exists"
