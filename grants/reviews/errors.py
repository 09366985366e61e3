"""Errors of the review."""

from __future__ import annotations

from dataclasses import dataclass

from grants.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing wrong: ``code`` is score_missing, score_out_of_range, score_off_step or comment_missing."""

    key: str
    code: str
    limit: str = ""


class IncompleteSheetError(DomainError):
    """A sheet cannot be handed in as it is; ``faults`` name every score and comment concerned. Nothing was changed."""

    code = "sheet_incomplete"
    status = "invalid"

    def __init__(self, faults: tuple[SheetFault, ...]) -> None:
        super().__init__(faults=[{"key": fault.key, "code": fault.code, "limit": fault.limit} for fault in faults])
        self.faults = faults


class PanelIncompleteError(DomainError):
    """Fewer sheets than members: there is no result, a member must be replaced (decision 31)."""

    code = "panel_incomplete"
