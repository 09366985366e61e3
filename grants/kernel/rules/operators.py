"""Operators: exact arithmetic, comparisons and Kleene's ``and``, ``or``, ``not``.

Arithmetic is tried first and unknown values are looked for only when it fails, so known ones cost no test.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from grants.kernel.rules.compilation import Compilation, Frame, Part, Run, broken, every
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.syntax import Arithmetic, Comparison, Logical, Negation, Not, walk
from grants.kernel.rules.values import ARITHMETIC, EXACT, UNDEFINED, Unknown, Value, merge, require_exact

ORDERED = (Kind.NUMBER, Kind.DATE, Kind.INSTANT)
COMPARABLE = (*ORDERED, Kind.TEXT, Kind.YES_NO)
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
}
ORDERINGS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = ORDERINGS | {"==": operator.eq, "!=": operator.ne}


def compile_negation(compilation: Compilation, node: Negation) -> Part:
    """Unary minus of a number."""
    operand = compilation.compile(node.operand)
    if not compilation.expect(operand, (Kind.NUMBER,), "负号后面"):
        return broken(node.at)
    read = operand.run

    def run(frame: Frame) -> Value:
        value = read(frame)
        return value if value.__class__ is Unknown else ARITHMETIC.minus(value)

    return Part(node.at, Name(Kind.NUMBER, evidence=operand.evidence), run)


def compile_arithmetic(compilation: Compilation, node: Arithmetic) -> Part:
    """Two numbers and an operator; division by zero and what decimal128 cannot hold are unknown."""
    left, right = compilation.compile(node.left), compilation.compile(node.right)
    if not every(expect_number(compilation, part, node.operator) for part in (left, right)):
        return broken(node.at)
    run = calculation(OPERATIONS[node.operator], left.run, right.run)
    return Part(node.at, Name(Kind.NUMBER, evidence=left.evidence or right.evidence), run)


def expect_number(compilation: Compilation, part: Part, sign: str) -> bool:
    """Whether the part is a number, with advice where it is a date."""
    if part.kind in (Kind.DATE, Kind.INSTANT) and sign in "+-":
        compilation.report.fault(part.at, f"“{sign}”只能用于数字，日期的推移请用 add_days 或 add_months")
        return False
    return compilation.expect(part, (Kind.NUMBER,), f"“{sign}”的两边都")


def calculation(operate: Callable[[Any, Any], Any], left: Run, right: Run) -> Run:
    """``left operate right`` on numbers."""

    def run(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        try:
            return operate(first, second)  # type: ignore[no-any-return]
        except ArithmeticError:
            return UNDEFINED
        except TypeError:
            return merge(first, second)

    return run


def compile_comparison(compilation: Compilation, node: Comparison) -> Part:
    """A comparison or a chain of them; each neighbouring pair must be of one kind."""
    parts = [compilation.compile(operand) for operand in node.operands]
    warn_of_division(compilation, node)
    pairs = list(zip(node.operators, parts, parts[1:], strict=False))
    if not every(may_compare(compilation, sign, left, right) for sign, left, right in pairs):
        return broken(node.at)
    tests = [COMPARISONS[sign] for sign in node.operators]
    runs = [part.run for part in parts]
    run = comparison(tests[0], runs[0], runs[1]) if len(tests) == 1 else chain(tests, runs)
    return Part(node.at, Name(Kind.YES_NO, evidence=any(part.evidence for part in parts)), run)


def warn_of_division(compilation: Compilation, node: Comparison) -> None:
    """A quotient may have no exact decimal form, so a comparison on the boundary may go either way."""
    for part in walk(node):
        if isinstance(part, Arithmetic) and part.operator == "/":
            compilation.report.warning(part.at, "比较中含有除法，除不尽时边界上的结果不可靠，请改写为乘法")


def may_compare(compilation: Compilation, sign: str, left: Part, right: Part) -> bool:
    """Whether the two may be compared with ``sign``; reports it if not."""
    allowed = ORDERED if sign in ORDERINGS else COMPARABLE
    if not every(compilation.expect(part, allowed, f"“{sign}”的两边都") for part in (left, right)):
        return False
    if left.kind is right.kind or left.kind is None or right.kind is None:
        return True
    advice = "，时刻精确到几点几分，只能与时刻比较" if Kind.INSTANT in (left.kind, right.kind) else ""
    compilation.report.fault(right.at, f"{left.kind.label}不能与{right.kind.label}比较{advice}")
    return False


def comparison(test: Callable[[Any, Any], Any], left: Run, right: Run) -> Run:
    """One comparison; two known values of one type, the rule, pay little for a look at their type."""

    def run(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        if first.__class__ is second.__class__ and first.__class__ in EXACT:
            return test(first, second)  # type: ignore[no-any-return]
        return compare(test, first, second)

    return run


def compare(test: Callable[[Any, Any], Any], first: Any, second: Any) -> Value:
    """The outcome of a test, unknown where a side is.

    Raises:
        TypeError: the sides are of different types; None or a float must not quietly count as "different" or "less".
    """
    if first.__class__ is Unknown or second.__class__ is Unknown:
        return merge(first, second)
    require_exact((first, second))
    if isinstance(first, second.__class__) or isinstance(second, first.__class__):
        return test(first, second)  # type: ignore[no-any-return]
    return merge(first, second)


def is_equal(first: Any, second: Any) -> Value:
    """``==`` that is unknown where a side is."""
    return compare(operator.eq, first, second)


def chain(tests: Sequence[Callable[[Any, Any], Any]], runs: Sequence[Run]) -> Run:
    """``a < b <= c`` as ``a < b and b <= c``, each operand evaluated once."""

    def run(frame: Frame) -> Value:
        values = [read(frame) for read in runs]
        outcome: Value = True
        for test, first, second in zip(tests, values, values[1:], strict=False):
            holds = compare(test, first, second)
            if holds is False:
                return False
            if holds is not True:
                outcome = holds if outcome is True else merge(outcome, holds)
        return outcome

    return run


def compile_not(compilation: Compilation, node: Not) -> Part:
    """Kleene's ``not``."""
    operand = compilation.compile(node.operand)
    if not compilation.expect(operand, (Kind.YES_NO,), "“not”的后面"):
        return broken(node.at)
    read = operand.run

    def run(frame: Frame) -> Value:
        value = read(frame)
        if value is True or value is False:
            return not value
        return merge(value, value)

    return Part(node.at, Name(Kind.YES_NO, evidence=operand.evidence), run)


def compile_logical(compilation: Compilation, node: Logical) -> Part:
    """Kleene's ``and`` or ``or`` of two or more; what decides alone ends it."""
    parts = [compilation.compile(node.operands[0])]
    with compilation.behind_a_guard():
        parts += [compilation.compile(operand) for operand in node.operands[1:]]
    if not every(compilation.expect(part, (Kind.YES_NO,), f"“{node.operator}”的两边都") for part in parts):
        return broken(node.at)
    result = Name(Kind.YES_NO, evidence=any(part.evidence for part in parts))
    return Part(node.at, result, connection(node.operator == "or", [part.run for part in parts]))


def connection(decisive: bool, runs: Sequence[Run]) -> Run:
    """``or`` (True decides) or ``and`` (False decides)."""

    def run(frame: Frame) -> Value:
        outcome: Value = not decisive
        for read in runs:
            value: Value = read(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                outcome = merge(outcome, value)
        return outcome

    return run
