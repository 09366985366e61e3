"""The rule language: exact, three-valued, bounded expressions over one application.

In come the text of an expression and a ``Scope``; out comes an ``Expression`` that evaluates, with or without a trace, over a mapping
of names to values. Pure: no clock, no I/O, no framework.
"""

from grants.kernel.rules.faults import EvaluationLimitError, ExpressionFaultsError, Fault
from grants.kernel.rules.kinds import Kind, Name, Scope
from grants.kernel.rules.values import Cause, Read, Row, Table, Unknown, Value

__all__ = [
    "Cause",
    "EvaluationLimitError",
    "ExpressionFaultsError",
    "Fault",
    "Kind",
    "Name",
    "Read",
    "Row",
    "Scope",
    "Table",
    "Unknown",
    "Value",
]
