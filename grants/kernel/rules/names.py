"""Literals and names: the leaves of an expression."""

from __future__ import annotations

from grants.kernel.rules.compilation import CELLS, NAMES, UNREAD, Compilation, Frame, Part, Run, broken
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.syntax import Broken, Number, Reference, Text
from grants.kernel.rules.values import Value
from grants.kernel.rules.words import FUNCTIONS, ROOTS


def compile_number(compilation: Compilation, node: Number) -> Part:
    """A number literal."""
    return constant(node.at, Kind.NUMBER, node.value)


def compile_text(compilation: Compilation, node: Text) -> Part:
    """A text literal."""
    return constant(node.at, Kind.TEXT, node.value)


def compile_broken(compilation: Compilation, node: Broken) -> Part:
    """What the parser has already reported."""
    return broken(node.at)


def constant(at: int, kind: Kind, value: Value) -> Part:
    """A part that is always ``value``."""
    return Part(at, Name(kind), lambda frame: value, value)


def compile_reference(compilation: Compilation, node: Reference) -> Part:
    """A name: a column of the innermost table that has it, else a name of the scope."""
    for rows in reversed(compilation.row_scopes):
        if node.name in rows.columns:
            meaning = rows.columns[node.name]
            compilation.check_conditional(node.at, node.name, meaning, column=True)
            return Part(node.at, meaning, cell_reader(rows.slot, node.name))
    meaning_outside = compilation.scope.names.get(node.name)
    if meaning_outside is None and node.name in compilation.scope.faulty:
        return broken(node.at)
    if meaning_outside is None:
        compilation.report.fault(node.at, unknown_name(compilation, node.name))
        return broken(node.at)
    compilation.check_conditional(node.at, node.name, meaning_outside, column=False)
    slot = compilation.slot_of(node.name)
    run = value_reader(slot) if compilation.straight else name_reader(slot, node.name)
    return Part(node.at, meaning_outside, run)


def value_reader(slot: int) -> Run:
    """Reads a name of a straight expression."""
    return lambda frame: frame[slot]


def name_reader(slot: int, name: str) -> Run:
    """Reads a name when it is first needed."""

    def run(frame: Frame) -> Value:
        value = frame[slot]
        if value is UNREAD:
            value = frame[slot] = frame[NAMES][name]
        return value  # type: ignore[no-any-return]

    return run


def cell_reader(slot: int, column: str) -> Run:
    """Reads a cell of the row being visited."""

    def run(frame: Frame) -> Value:
        row = frame[slot]
        value = row.cells[column]
        cells = frame[CELLS]
        if cells is not None:
            cells[frame[slot + 1], row.id, column] = value
        return value  # type: ignore[no-any-return]

    return run


def unknown_name(compilation: Compilation, name: str) -> str:
    """The sentence about a name that means nothing here."""
    shown = name if len(name) <= 64 else name[:64] + "…"
    if name in FUNCTIONS:
        return f"“{shown}”是函数，后面要写括号和参数"
    if name in ROOTS:
        return f"“{shown}”后面要写“.”和具体名称"
    if name in compilation.scope.lists:
        return f"“{shown}”是名单，只能写在“in”的后面"
    owner = table_with(compilation, name)
    if owner is None:
        return f"没有名为“{shown}”的字段或参数{compilation.suggestion(name, compilation.visible())}"
    if name.startswith("documents."):
        return f"“{shown}”按表格“{owner}”逐行提交，只能在读取该表格的函数里使用"
    return f"“{shown}”是表格“{owner}”的列，只能在读取该表格的函数里使用"


def table_with(compilation: Compilation, column: str) -> str | None:
    """The name of a table in scope that has such a column."""
    return next((name for name, meaning in compilation.scope.names.items() if column in meaning.columns), None)
