"""Errors of calls."""

from __future__ import annotations

from collections.abc import Sequence

from grants.kernel.errors import DomainError
from grants.programmes.errors import InputFault


class CallFaultsError(DomainError):
    """The figures of a call do not fit together or its definition; ``faults`` are all of them, by path of the plan."""

    code = "call_faulty"
    status = "invalid"

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults=[str(fault) for fault in self.faults])
