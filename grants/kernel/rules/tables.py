"""Tables to single values: ``any``, ``all``, ``sum``, ``count``, ``min``, ``max``, ``last_of``.

A function over an unknown table is unknown. A maybe-row (see ``selections``) makes every figure unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from grants.kernel.rules.calls import SCALARS, compile_extreme_of_several, extreme, takes
from grants.kernel.rules.compilation import Compilation, Frame, Part, Run, broken
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.operators import ORDERED
from grants.kernel.rules.syntax import Call
from grants.kernel.rules.values import ARITHMETIC, UNDEFINED, Table, Unknown, Value, gather, merge
from grants.kernel.rules.visits import (
    Visit,
    compile_table,
    compile_visit,
    doubts,
    finish,
    known_table,
    require_few,
    visit_of,
)


def compile_quantifier(compilation: Compilation, call: Call) -> Part:
    """``any(t, c)`` and ``all(t, c)``: Kleene's ``or`` and ``and`` over the rows; ``all`` of nothing is true."""
    visit = visit_of(compilation, call, (Kind.YES_NO,))
    return finish(call, visit, Kind.YES_NO, lambda given: quantifier(given, decisive=call.function == "any"))


def quantifier(visit: Visit, *, decisive: bool) -> Run:
    """A sure row with the decisive value ends it; a maybe-row with it only makes the answer unknown."""
    condition = visit.body.run

    def work(frame: Frame, table: Table) -> Value:
        pending: Unknown | None = None
        for row in visit.rows(frame, table):
            value: Value = condition(frame)
            doubt = table.maybe.get(row.id)
            if value is decisive and doubt is None:
                return decisive
            if value is (not decisive):
                continue
            if value is not decisive:
                pending = merge(pending or value, value)
            if doubt is not None:
                pending = gather(pending, doubt)
        return not decisive if pending is None else pending

    return known_table(visit.table.run, work)


def compile_sum(compilation: Compilation, call: Call) -> Part:
    """``sum(t, e)``; of nothing, 0."""
    visit = visit_of(compilation, call, (Kind.NUMBER,))
    return finish(call, visit, Kind.NUMBER, lambda given: folding(given, total))


def compile_extreme(compilation: Compilation, call: Call) -> Part:
    """``min`` or ``max``: over a table if the first argument is one, else of several values."""
    pick: Callable[..., Any] = min if call.function == "min" else max
    parts = [compilation.compile(argument) for argument in call.arguments[:1]]
    if not parts or parts[0].kind is not Kind.TABLE:
        parts += [compilation.compile(argument) for argument in call.arguments[1:]]
        return compile_extreme_of_several(compilation, call, parts, pick)
    if not takes(compilation, call, least=2, most=2):
        return broken(call.at)
    visit = compile_visit(compilation, call, parts[0], call.arguments[1], ORDERED)
    fold = extreme(pick)
    return finish(call, visit, None, lambda given: folding(given, lambda values: fold(*values)))


def total(values: list[Decimal]) -> Value:
    """The exact sum, undefined beyond decimal128."""
    result = Decimal(0)
    try:
        for value in values:
            result = ARITHMETIC.add(result, value)
    except ArithmeticError:
        return UNDEFINED
    return result


def folding(visit: Visit, fold: Callable[[list[Any]], Value]) -> Run:
    """``fold`` of the value of every row, unknown if one is or if a row may not belong."""
    read = visit.body.run

    def work(frame: Frame, table: Table) -> Value:
        values = [read(frame) for _ in visit.rows(frame, table)]
        pending = doubts(table)
        for value in values:
            if value.__class__ is Unknown:
                pending = gather(pending, value)
        return fold(values) if pending is None else pending

    return known_table(visit.table.run, work)


def compile_count(compilation: Compilation, call: Call) -> Part:
    """``count(t)``: how many rows."""
    if not takes(compilation, call, least=1, most=1):
        return broken(call.at)
    table = compile_table(compilation, call)
    if table.result is None:
        return broken(call.at)
    return Part(call.at, Name(Kind.NUMBER, evidence=table.evidence), known_table(table.run, count))


def count(frame: Frame, table: Table) -> Value:
    """The number of rows, unknown while one may not belong."""
    require_few(table)
    pending = doubts(table)
    return Decimal(len(table.rows)) if pending is None else pending


def compile_last_of(compilation: Compilation, call: Call) -> Part:
    """``last_of(t, column)``: the value in the last row; of nothing, undefined."""
    return finish(call, visit_of(compilation, call, SCALARS), None, last_value)


def last_value(visit: Visit) -> Run:
    """The last row's value, unknown if that row may not belong."""
    read = visit.body.run

    def work(frame: Frame, table: Table) -> Value:
        if not table.rows:
            return UNDEFINED
        last = table.rows[-1]
        doubt = table.maybe.get(last.id)
        if doubt is not None:
            return doubt
        visit.enter(frame, table, last)
        return read(frame)  # type: ignore[no-any-return]

    return known_table(visit.table.run, work)
