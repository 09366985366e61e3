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
