"""Going through the rows of a table: how a function ``f(table, expression)`` is checked, and what each row costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grants.kernel.rules.calls import takes
from grants.kernel.rules.compilation import Compilation, Frame, Part, Run, broken, take_steps
from grants.kernel.rules.faults import EvaluationLimitError
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.syntax import Call, Node, weigh
from grants.kernel.rules.values import Row, Table, Unknown, Value, gather

MAX_ROWS = 1_000


class Visit:
    """A table, and what is evaluated for each of its rows."""

    def __init__(self, table: Part, slot: int, body: Part, node: Node) -> None:
        self.table = table
        self.slot = slot
        self.body = body
        self.weight = weigh(node) + 1

    def rows(self, frame: Frame, table: Table) -> Iterator[Row]:
        """Each row in turn, in its slot; every one costs steps.

        Raises:
            EvaluationLimitError: more than MAX_ROWS rows, or no steps left.
        """
        require_few(table)
        for row in table.rows:
            self.enter(frame, table, row)
            yield row

    def enter(self, frame: Frame, table: Table, row: Row) -> None:
        """Make ``row`` the current one, for its steps.

        Raises:
            EvaluationLimitError: no steps left.
        """
        take_steps(frame, self.weight)
        frame[self.slot], frame[self.slot + 1] = row, table.name


def require_few(table: Table) -> None:
    """Refuse a table beyond the bound."""
    if len(table.rows) > MAX_ROWS:
        raise EvaluationLimitError(f"{table.name}: more than {MAX_ROWS} rows")


def doubts(table: Table) -> Unknown | None:
    """The first cause in precedence why a row may not belong; None if all surely do."""
    pending = None
    for doubt in table.maybe.values():
        pending = gather(pending, doubt)
    return pending


def known_table(source: Run, work: Callable[[Frame, Table], Value]) -> Run:
    """``work`` on the table, or why the table is unknown."""

    def run(frame: Frame) -> Value:
        table = source(frame)
        return table if table.__class__ is Unknown else work(frame, table)

    return run


def compile_table(compilation: Compilation, call: Call) -> Part:
    """The first argument, which must be a table; a broken part if it is not."""
    part = compilation.compile(call.arguments[0])
    return part if compilation.expect(part, (Kind.TABLE,), f"“{call.function}”的第 1 个参数") else broken(part.at)


def compile_visit(
    compilation: Compilation, call: Call, table: Part, node: Node, allowed: tuple[Kind, ...]
) -> Visit | None:
    """What is evaluated for each row of the table; None if something is faulty."""
    if table.result is None:
        return None  # every column would be reported as misspelt
    with compilation.visiting(table) as slot:
        body = compilation.compile(node)
    fits = compilation.expect(body, allowed, f"“{call.function}”逐行计算的值")
    return Visit(table, slot, body, node) if fits else None


def visit_of(compilation: Compilation, call: Call, allowed: tuple[Kind, ...]) -> Visit | None:
    """The visit of ``f(table, expression)``; None if something is faulty."""
    if not takes(compilation, call, least=2, most=2):
        return None
    return compile_visit(compilation, call, compile_table(compilation, call), call.arguments[1], allowed)


def finish(call: Call, visit: Visit | None, kind: Kind | None, make: Callable[[Visit], Run]) -> Part:
    """The part of ``f(table, expression)``; its result is of ``kind``, or of the expression's kind."""
    if visit is None:
        return broken(call.at)
    result = Name(kind or visit.body.kind or Kind.NUMBER, evidence=visit.table.evidence or visit.body.evidence)
    return Part(call.at, result, make(visit))
