"""Which function compiles which node, and which call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grants.kernel.rules.calls import compile_coalesce, compile_date, compile_if, compile_is_missing, compile_plain
from grants.kernel.rules.compilation import Compilation, Part, broken
from grants.kernel.rules.functions import SIGNATURES
from grants.kernel.rules.membership import compile_membership
from grants.kernel.rules.names import compile_broken, compile_number, compile_reference, compile_text
from grants.kernel.rules.operators import (
    compile_arithmetic,
    compile_comparison,
    compile_logical,
    compile_negation,
    compile_not,
)
from grants.kernel.rules.selections import compile_first, compile_where
from grants.kernel.rules.syntax import (
    Arithmetic,
    Broken,
    Call,
    Comparison,
    Logical,
    Membership,
    Negation,
    Not,
    Number,
    Reference,
    Text,
)
from grants.kernel.rules.tables import compile_count, compile_extreme, compile_last_of, compile_quantifier, compile_sum
from grants.kernel.rules.words import FUNCTIONS

CALLS: dict[str, Callable[[Compilation, Call], Part]] = {
    **dict.fromkeys(SIGNATURES, compile_plain),
    "if": compile_if,
    "is_missing": compile_is_missing,
    "coalesce": compile_coalesce,
    "date": compile_date,
    "any": compile_quantifier,
    "all": compile_quantifier,
    "sum": compile_sum,
    "count": compile_count,
    "min": compile_extreme,
    "max": compile_extreme,
    "where": compile_where,
    "first": compile_first,
    "last_of": compile_last_of,
}


def compile_call(compilation: Compilation, call: Call) -> Part:
    """A call of any function; an unknown one is reported with the nearest name."""
    handler = CALLS.get(call.function)
    if handler is not None:
        return handler(compilation, call)
    shown = call.function[:64]
    suggestion = compilation.suggestion(call.function, FUNCTIONS)
    compilation.report.fault(call.at, f"没有名为“{shown}”的函数{suggestion}")
    return broken(call.at)


HANDLERS: dict[type[Any], Callable[[Compilation, Any], Part]] = {
    Number: compile_number,
    Text: compile_text,
    Reference: compile_reference,
    Negation: compile_negation,
    Arithmetic: compile_arithmetic,
    Comparison: compile_comparison,
    Membership: compile_membership,
    Not: compile_not,
    Logical: compile_logical,
    Call: compile_call,
    Broken: compile_broken,
}
