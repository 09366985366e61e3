"""Where a stored file stands with the scanner. Pure."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class ScanState(StrEnum):
    """Only a clean file can be opened, by anybody."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"  # could not be scanned in time; an operator starts it again


_S = ScanState

SCAN: Lifecycle[ScanState] = Lifecycle(
    {
        (_S.PENDING, "pass"): _S.CLEAN,
        (_S.PENDING, "find"): _S.INFECTED,
        (_S.PENDING, "give_up"): _S.FAILED,
        (_S.FAILED, "pass"): _S.CLEAN,
        (_S.FAILED, "find"): _S.INFECTED,
        (_S.FAILED, "try_again"): _S.PENDING,
        (_S.CLEAN, "doubt"): _S.PENDING,
    }
)

MAY_NOT_OPEN = {  # the reason code of each state that keeps a file shut
    _S.PENDING: "file_not_scanned_yet",
    _S.INFECTED: "file_infected",
    _S.FAILED: "file_scan_failed",
}
