"""Which way a number or a date has moved between two trees, and whether two trees say the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from grants.kernel.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Logical,
    Membership,
    Negation,
    Node,
    Number,
    Reference,
    Text,
    children,
)

RISING = frozenset({"add_months", "add_days", "min", "max", "coalesce", "sum"})  # in every number given
DATE = "date"


@dataclass(frozen=True, slots=True)
class Moves:
    """What has moved under names that the expressions read: ``by`` name +1 (raised) or -1 (lowered).

    ``not_negative``: names whose number is never below zero, which makes products of theirs comparable.
    """

    by: Mapping[str, int] = field(default_factory=dict)
    not_negative: Collection[str] = ()


def direction(before: Node, after: Node, moves: Moves) -> int | None:
    """Whether a number or date is greater than before (1), less (-1), the same (0), or nobody can tell (None)."""
    if same(before, after) and not touched(after, moves):
        return 0
    match before, after:
        case Reference(), Reference():
            return moves.by.get(after.name) if before.name == after.name else None
        case Number(), Number():
            return 1 if after.value > before.value else -1
        case Negation(), Negation():
            found = direction(before.operand, after.operand, moves)
            return None if found is None else -found
        case Arithmetic(), Arithmetic():
            return _arithmetic(before, after, moves)
        case Call(), Call():
            return _called(before, after, moves)
    added, taken = _added(before, after, moves), _added(after, before, moves)
    return added if taken is None else -taken


def _arithmetic(before: Arithmetic, after: Arithmetic, moves: Moves) -> int | None:
    if before.operator != after.operator:
        return None
    left, right = direction(before.left, after.left, moves), direction(before.right, after.right, moves)
    if left is None or right is None:
        return None
    if after.operator in ("+", "-"):
        return _agreed(left, right if after.operator == "+" else -right)
    if after.operator == "*" and _not_negative(after.left, moves) and _not_negative(after.right, moves):
        return _agreed(left, right)
    return None


def _added(before: Node, after: Node, moves: Moves) -> int | None:
    """Whether a fixed number was added to what stood there, or taken off it."""
    if not isinstance(after, Arithmetic) or not isinstance(after.right, Number) or not after.right.value:
        return None
    if after.operator not in ("+", "-") or not same(before, after.left) or touched(before, moves):
        return None
    return 1 if after.operator == "+" else -1


def _agreed(left: int, right: int) -> int | None:
    return left + right if 0 in (left, right) else left if left == right else None


def _not_negative(node: Node, moves: Moves) -> bool:
    match node:
        case Number():
            return True
        case Reference():
            return node.name in moves.not_negative
        case Arithmetic():
            return node.operator in ("+", "*") and all(_not_negative(part, moves) for part in children(node))
    return False


def _called(before: Call, after: Call, moves: Moves) -> int | None:
    """A date in words, or a function that rises with each of its numbers."""
    if before.function != after.function or len(before.arguments) != len(after.arguments):
        return None
    if after.function == DATE:
        return _days(before, after)
    if after.function not in RISING or before.by is not after.by:
        return None
    found = [direction(old, new, moves) for old, new in zip(before.arguments, after.arguments, strict=True)]
    if None in found:
        return None
    signs = {moved for moved in found if moved}
    return signs.pop() if len(signs) == 1 else None


def _days(before: Call, after: Call) -> int | None:
    old, new = before.arguments[0], after.arguments[0]
    if not isinstance(old, Text) or not isinstance(new, Text):
        return None
    return 1 if new.value > old.value else -1  # both are written 2026-03-02


def touched(node: Node, moves: Moves) -> bool:
    if isinstance(node, Reference):
        return node.name in moves.by
    return bool(moves.by) and any(touched(part, moves) for part in children(node))


def same(left: Node, right: Node) -> bool:
    """Whether two trees are alike wherever they stand in their texts."""
    if type(left) is not type(right) or _mark(left) != _mark(right):
        return False
    mine, theirs = children(left), children(right)
    return len(mine) == len(theirs) and all(map(same, mine, theirs))


def _mark(node: Node) -> object:
    """What a node is, apart from where it stands and what is under it."""
    match node:
        case Number() | Text():
            return node.value
        case Reference():
            return node.name
        case Arithmetic() | Logical():
            return node.operator
        case Comparison():
            return node.operators
        case Membership():
            return node.listed
        case Call():
            return (node.function, node.by is None)
    return None
