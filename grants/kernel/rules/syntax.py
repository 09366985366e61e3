"""The tree of an expression. Every node knows its offset ``at`` in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal, exact as written."""

    at: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal."""

    at: int
    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A name, dotted where it has a root."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Negation:
    """Unary minus."""

    at: int
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left + - * / right``; ``at`` is the operator's."""

    at: int
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a < b <= c``: one operator fewer than operands; ``at`` is the first operator's."""

    at: int
    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """``item in (a, b)`` with several options, ``item in name`` with one and ``listed`` true."""

    at: int
    item: Node
    options: tuple[Node, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class Not:
    """``not operand``."""

    at: int
    operand: Node


@dataclass(frozen=True, slots=True)
class Logical:
    """``a and b and c`` or ``a or b or c``, flat."""

    at: int
    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; ``by`` is the named one of ``first``."""

    at: int
    function: str
    arguments: tuple[Node, ...]
    by: Node | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where no expression could be read; already reported."""

    at: int


Node = Number | Text | Reference | Negation | Arithmetic | Comparison | Membership | Not | Logical | Call | Broken


def children(node: Node) -> tuple[Node, ...]:
    """The parts directly under a node, in order of writing."""
    match node:
        case Negation() | Not():
            return (node.operand,)
        case Arithmetic():
            return (node.left, node.right)
        case Comparison() | Logical():
            return node.operands
        case Membership():
            return (node.item, *node.options)
        case Call():
            return node.arguments if node.by is None else (*node.arguments, node.by)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


def weigh(node: Node) -> int:
    """How many nodes the tree has: the steps of evaluating it once."""
    return sum(1 for _ in walk(node))
