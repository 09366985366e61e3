"""States of what the registers keep: an import on its way to a snapshot, and the circuit of a service that is asked."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class ImportState(StrEnum):
    """An uploaded file on its way to a snapshot."""

    RECEIVED = "received"
    UNMAPPED = "unmapped"
    JUDGING = "judging"
    FAULTY = "faulty"
    READY = "ready"
    FAILED = "failed"
    TAKEN = "taken"
    DISCARDED = "discarded"


class CircuitState(StrEnum):
    """Whether a service is asked: always, not for a while, or by one caller to see whether it is back."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Adapter(StrEnum):
    """Where a register's facts come from."""

    IMPORTED = "imported"
    ASKED = "asked"


ENDED = frozenset({ImportState.TAKEN, ImportState.DISCARDED})
_READ = (ImportState.UNMAPPED, ImportState.FAULTY, ImportState.READY)

IMPORT = Lifecycle(
    {
        (ImportState.RECEIVED, "ask_mapping"): ImportState.UNMAPPED,
        (ImportState.RECEIVED, "map"): ImportState.JUDGING,
        (ImportState.RECEIVED, "fail"): ImportState.FAILED,
        **{(state, "map"): ImportState.JUDGING for state in _READ},
        (ImportState.JUDGING, "find_faults"): ImportState.FAULTY,
        (ImportState.JUDGING, "stage"): ImportState.READY,
        (ImportState.JUDGING, "fail"): ImportState.FAILED,
        (ImportState.READY, "take"): ImportState.TAKEN,
        **{(state, "discard"): ImportState.DISCARDED for state in ImportState if state not in ENDED},
    }
)
