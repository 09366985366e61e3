"""Evaluating within the bounds of the rule language, where an error would leave a page or a check without an answer."""

from __future__ import annotations

from collections.abc import Mapping

from grants.kernel.rules import Cause, EvaluationLimitError, Expression, Unknown, Value

UNDECIDED = Unknown(Cause.UNDEFINED)


def value_of(expression: Expression, names: Mapping[str, Value]) -> Value:
    """The value; what would take too many steps is undefined, as a division by zero is, so nothing is decided by it."""
    try:
        return expression.evaluate(names)
    except EvaluationLimitError:
        return UNDECIDED
