"""From text to an expression that can be evaluated: the whole compiler, and what it gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from grants.kernel.rules.compilation import BUDGET, CELLS, MAX_STEPS, NAMES, UNREAD, Compilation, Frame, Part, hint
from grants.kernel.rules.faults import ExpressionFaultsError, Report
from grants.kernel.rules.functions import SIGNATURES
from grants.kernel.rules.handlers import HANDLERS
from grants.kernel.rules.kinds import Kind, Scope
from grants.kernel.rules.parser import parse
from grants.kernel.rules.syntax import Call, Logical, Membership, Node, Number, Reference, Text, walk
from grants.kernel.rules.values import Read, Value

_new_read: Callable[[type[Read], tuple[str, Value]], Read] = tuple.__new__


class Expression(ABC):
    """A compiled expression: immutable, shared freely between threads.

    ``result`` is what a name holding its value would be: with the columns of a table, and conditional where it reads
    conditional names that no condition before them guards (``unguarded``). ``names`` are those it may read;
    ``mentions`` has the keys of columns as well; ``tests`` are those of which it asks whether they are missing.
    """

    def __init__(self, source: str, node: Node, part: Part, compilation: Compilation) -> None:
        if part.result is None:
            raise ExpressionFaultsError(())
        self.source = source
        self.mentions = frozenset(found.name for found in walk(node) if isinstance(found, Reference))
        self.tests = frozenset(tested(node))
        self.unguarded = frozenset(compilation.unguarded)
        self.result = replace(part.result, conditional=bool(self.unguarded))
        self.names = frozenset(compilation.slots)
        self.warnings = compilation.report.warnings
        self._run = part.run

    @property
    def kind(self) -> Kind:
        """The kind of the value."""
        return self.result.kind

    @abstractmethod
    def evaluate(self, names: Mapping[str, Value]) -> Value:
        """The value over ``names``, which must hold every name the evaluation comes to read.

        Raises:
            EvaluationLimitError: too many rows or steps.
            KeyError: a name that was needed is not there; what is missing must be ``Unknown``.
        """

    @abstractmethod
    def trace(self, names: Mapping[str, Value]) -> tuple[Value, tuple[Read, ...]]:
        """As ``evaluate``, with the names that were read and their values: first names, then cells, each once."""


class StraightExpression(Expression):
    """Reads all its names whatever their values, so the trace is known beforehand but for the values."""

    def __init__(self, source: str, node: Node, part: Part, compilation: Compilation) -> None:
        super().__init__(source, node, part, compilation)
        keys = tuple(compilation.slots)
        self._collect = collector(keys)
        self._record = recorder(keys)

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        """See Expression."""
        return self._run(self._collect(names))  # type: ignore[no-any-return]

    def trace(self, names: Mapping[str, Value]) -> tuple[Value, tuple[Read, ...]]:
        """See Expression."""
        values = self._collect(names)
        return self._run(values), self._record(values)


class BranchingExpression(Expression):
    """Reads names and cells as it comes to need them."""

    def __init__(self, source: str, node: Node, part: Part, compilation: Compilation) -> None:
        super().__init__(source, node, part, compilation)
        self._slots = tuple(compilation.slots.items())
        self._blank: Frame = [UNREAD] * compilation.size
        self._blank[CELLS] = None
        self._blank[BUDGET] = MAX_STEPS

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        """See Expression."""
        frame = self._blank.copy()
        frame[NAMES] = names
        return self._run(frame)  # type: ignore[no-any-return]

    def trace(self, names: Mapping[str, Value]) -> tuple[Value, tuple[Read, ...]]:
        """See Expression."""
        frame = self._blank.copy()
        frame[NAMES] = names
        cells: dict[tuple[str, str, str], Value] = {}
        frame[CELLS] = cells
        value = self._run(frame)
        reads = [_new_read(Read, (name, frame[slot])) for name, slot in self._slots if frame[slot] is not UNREAD]
        for (table, row, column), cell in cells.items():
            reads.append(_new_read(Read, (f"{table}[{row}].{column}", cell)))
        return value, tuple(reads)


def collector(keys: tuple[str, ...]) -> Callable[[Mapping[str, Value]], Any]:
    """A function that takes the values of ``keys`` out of a mapping, in order."""
    if not keys:
        return lambda names: ()
    if len(keys) == 1:
        (key,) = keys
        return lambda names: (names[key],)
    return itemgetter(*keys)


def recorder(keys: tuple[str, ...]) -> Callable[[Any], tuple[Read, ...]]:
    """A function that pairs the values of ``keys`` with their names; one or two, as most rules have, go faster."""
    if len(keys) == 1:
        (key,) = keys
        return lambda values: (_new_read(Read, (key, values[0])),)
    if len(keys) == 2:
        first, second = keys
        return lambda values: (_new_read(Read, (first, values[0])), _new_read(Read, (second, values[1])))
    return lambda values: tuple([_new_read(Read, pair) for pair in zip(keys, values, strict=True)])


def compile_expression(
    source: str,
    scope: Scope,
    *,
    expects: Kind | None = None,
    guarded: Collection[str] = (),
    check_conditionals: bool = False,
) -> Expression:
    """Parse, check and compile one expression.

    Args:
        expects: the kind the place needs; None takes any but a document.
        guarded: conditional names that the rule's ``when`` speaks for.
        check_conditionals: whether reading an unguarded conditional name or column is a fault (for rules).

    Raises:
        ExpressionFaultsError: with every fault found, none where it only reads something faulty. Bounds: 2,000
            characters, 300 nodes, 30 levels.
    """
    report = Report(source)
    node = parse(source, report)
    straight = not any(branches(part) for part in walk(node))
    compilation = Compilation(
        scope, report, HANDLERS, straight=straight, guarded=guarded if check_conditionals else None
    )
    part = compilation.compile(node)
    check_result(report, part, expects)
    report.require_none()
    return (StraightExpression if straight else BranchingExpression)(source, node, part, compilation)


def branches(node: Node) -> bool:
    """Whether evaluating the node may leave some of its names unread."""
    if isinstance(node, Call):
        return node.function not in SIGNATURES and node.function not in {"date", "is_missing"}
    if isinstance(node, Membership):
        return not node.listed and not all(isinstance(option, Number | Text) for option in node.options)
    return isinstance(node, Logical)


def tested(node: Node) -> Iterator[str]:
    """The names that ``is_missing`` asks about."""
    for part in walk(node):
        if isinstance(part, Call) and part.function == "is_missing":
            yield from (name.name for name in part.arguments if isinstance(name, Reference))


def check_result(report: Report, part: Part, expects: Kind | None) -> None:
    """Whether the whole is of the kind its place needs."""
    if part.kind is None:
        return
    if part.kind is Kind.DOCUMENT:
        report.fault(0, f"表达式的结果是{part.kind.label}{hint(part.kind)}")
    elif expects is not None and part.kind is not expects:
        report.fault(0, f"这里需要结果为{expects.label}的表达式，现在的结果是{part.kind.label}")
