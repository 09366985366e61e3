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
