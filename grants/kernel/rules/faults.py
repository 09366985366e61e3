"""What can be wrong with an expression, and the errors that say so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (or, as a warning, doubtful); line and column count from 1 in the expression's text."""

    line: int
    column: int
    message: str


class ExpressionFaultsError(Exception):
    """The expression or template cannot be used; ``faults`` are all that were found, in order of place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("；".join(f"第{fault.line}行第{fault.column}列：{fault.message}" for fault in faults))
        self.faults = faults


class EvaluationLimitError(Exception):
    """One evaluation would take too many steps, or a table has too many rows; nothing was decided."""


class Report:
    """The faults and warnings found so far in one text, told by their offset."""

    MOST = 50  # nobody reads more, and a hostile text must not cost more

    def __init__(self, text: str) -> None:
        self._text = text
        self._faults: list[tuple[int, str]] = []
        self._warnings: list[tuple[int, str]] = []

    def fault(self, at: int, message: str) -> None:
        """Note that the text cannot be used because of what stands at offset ``at``."""
        if len(self._faults) < self.MOST and (at, message) not in self._faults:
            self._faults.append((at, message))

    def warning(self, at: int, message: str) -> None:
        """Note that what stands at offset ``at`` is allowed but doubtful."""
        self._warnings.append((at, message))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, in order of place."""
        return tuple(locate(self._text, at, message) for at, message in sorted(self._faults))

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """All warnings, in order of place."""
        return tuple(locate(self._text, at, message) for at, message in sorted(self._warnings))

    def require_none(self) -> None:
        """Raise ExpressionFaultsError with every fault found, if any was."""
        if self._faults:
            raise ExpressionFaultsError(self.faults)


def locate(text: str, at: int, message: str) -> Fault:
    """The fault at offset ``at`` of ``text``, by line and column."""
    return Fault(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), message)
