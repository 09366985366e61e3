"""Tables to tables: ``where`` and ``first`` keep the rows' table and id, so a trace names the cells really read."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter

from grants.kernel.rules.calls import takes
from grants.kernel.rules.compilation import Compilation, Frame, Part, Run, broken
from grants.kernel.rules.functions import whole
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.operators import ORDERED
from grants.kernel.rules.syntax import Call
from grants.kernel.rules.values import UNDEFINED, Row, Table, Unknown, Value, gather, merge, require_exact
from grants.kernel.rules.visits import Visit, compile_table, compile_visit, doubts, visit_of


def compile_where(compilation: Compilation, call: Call) -> Part:
    """``where(t, c)``: the rows for which the condition holds or may hold.

    Its columns count as guarded: the condition is where a conditional column is asked for.
    """
    visit = visit_of(compilation, call, (Kind.YES_NO,))
    if visit is None or visit.table.result is None:
        return broken(call.at)
    table = visit.table.result
    columns = {name: replace(meaning, conditional=False) for name, meaning in table.columns.items()}
    return Part(call.at, Name(Kind.TABLE, columns, evidence=table.evidence), selection(visit))


def selection(visit: Visit) -> Run:
    """The rows where the condition holds; those where it is unknown become maybe-rows."""
    source, condition = visit.table.run, visit.body.run

    def run(frame: Frame) -> Value:
        table = source(frame)
        if table.__class__ is Unknown:
            return table
        kept: list[Row] = []
        maybe: dict[str, Unknown] = {}
        for row in visit.rows(frame, table):
            value, doubt = condition(frame), table.maybe.get(row.id)
            if value is False:
                continue
            kept.append(row)
            if value is not True:
                maybe[row.id] = merge(doubt, value)
            elif doubt is not None:
                maybe[row.id] = doubt
        return Table(table.name, tuple(kept), maybe)

    return run


def compile_first(compilation: Compilation, call: Call) -> Part:
    """``first(t, n, by=e)``: the n rows with the least ``e``, in that order; ties keep the order of rows."""
    if not takes(compilation, call, least=2, most=2, by=True) or call.by is None:
        return broken(call.at)
    table, size = compile_table(compilation, call), compilation.compile(call.arguments[1])
    fits = compilation.expect(size, (Kind.NUMBER,), "“first”的行数")
    visit = compile_visit(compilation, call, table, call.by, ORDERED)
    if visit is None or table.result is None or not fits:
        return broken(call.at)
    return Part(call.at, table.result, selection_of_first(visit, size.run))


def selection_of_first(visit: Visit, size: Run) -> Run:
    """The first rows by value; unknown if a value is, if a row may not belong, or if the number of rows is."""
    source, read = visit.table.run, visit.body.run

    def run(frame: Frame) -> Value:
        table, wanted = source(frame), size(frame)
        if table.__class__ is Unknown or wanted.__class__ is Unknown:
            return merge(table, wanted)
        ranked = [(read(frame), row) for row in visit.rows(frame, table)]
        pending = doubts(table)
        for value, _ in ranked:
            if value.__class__ is Unknown:
                pending = gather(pending, value)
        if pending is not None:
            return pending
        most = whole(wanted)
        if most is None or most < 0:
            return UNDEFINED
        require_exact([value for value, _ in ranked])
        ranked.sort(key=itemgetter(0))
        return Table(table.name, tuple(row for _, row in ranked[:most]))

    return run
