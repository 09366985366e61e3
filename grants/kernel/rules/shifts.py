"""Which way a condition has moved: whether it holds in more cases than before, in fewer, or nobody can tell.

Told from the two trees alone, so it answers only where it is certain: the same shape with a bound moved, a strictness
taken off, a condition more or less. Everything else is ``UNCLEAR``; what it comes to is for cases to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from grants.kernel.rules.directions import Moves, direction, same, touched
from grants.kernel.rules.faults import Report
from grants.kernel.rules.parser import parse
from grants.kernel.rules.syntax import Call, Comparison, Logical, Membership, Node, Not


class Shift(StrEnum):
    """How the cases in which a condition holds have changed."""

    NONE = "none"
    WIDER = "wider"  # it holds wherever it did, and in more cases
    NARROWER = "narrower"
    UNCLEAR = "unclear"


OPPOSITE = {Shift.WIDER: Shift.NARROWER, Shift.NARROWER: Shift.WIDER}
LOOSER = {("<", "<="), (">", ">=")}


def compare_conditions(before: str, after: str, moves: Moves | None = None) -> Shift:
    """How ``after`` holds beside ``before``; both must be expressions that compile. Case-by-case unknowns are left out
    of account: what makes a value missing makes both unknown."""
    return _truth(_tree(before), _tree(after), moves or Moves())


def reads_moved(source: str, moves: Moves) -> bool:
    """Whether an expression reads a name that has moved."""
    return touched(_tree(source), moves)


def _tree(source: str) -> Node:
    return parse(source, Report(source))


def _truth(before: Node, after: Node, moves: Moves) -> Shift:
    if same(before, after) and not touched(after, moves):
        return Shift.NONE
    match before, after:
        case Not(), Not():
            found = _truth(before.operand, after.operand, moves)
            return OPPOSITE.get(found, found)
        case Comparison(), Comparison():
            return _comparison(before, after, moves)
        case Membership(), Membership():
            return _membership(before, after, moves)
        case Call(), Call():
            return _quantified(before, after, moves)
    return _logical(before, after, moves)


def _logical(before: Node, after: Node, moves: Moves) -> Shift:
    """Conditions joined by the same word: what is common stands, what is left is compared in order, or is one more or
    one less."""
    operator = next((node.operator for node in (after, before) if isinstance(node, Logical)), "")
    if not operator:
        return Shift.UNCLEAR
    former, latter = _joined(before, operator), _joined(after, operator)
    if not touched(before, moves):
        former, latter = _without(former, latter), _without(latter, former)
    if not former and not latter:
        return Shift.NONE
    if not former or not latter:
        more = bool(latter)
        return Shift.NARROWER if more == (operator == "and") else Shift.WIDER
    if len(former) != len(latter) or (len(former) == 1 and (former[0], latter[0]) == (before, after)):
        return Shift.UNCLEAR
    return _together(_truth(old, new, moves) for old, new in zip(former, latter, strict=True))


def _joined(node: Node, operator: str) -> list[Node]:
    return list(node.operands) if isinstance(node, Logical) and node.operator == operator else [node]


def _without(nodes: list[Node], others: list[Node]) -> list[Node]:
    left = list(others)
    kept = []
    for node in nodes:
        found = next((other for other in left if same(node, other)), None)
        if found is None:
            kept.append(node)
        else:
            left.remove(found)
    return kept


def _comparison(before: Comparison, after: Comparison, moves: Moves) -> Shift:
    if len(before.operators) != len(after.operators):
        return Shift.UNCLEAR
    shifts = [_operator(old, new) for old, new in zip(before.operators, after.operators, strict=True)]
    for place, (old, new) in enumerate(zip(before.operands, after.operands, strict=True)):
        moved = direction(old, new, moves)
        if moved == 0:
            continue
        signs = {_pull(after.operators, place, side) for side in (0, 1)} - {0}
        if moved is None or len(signs) != 1 or None in signs:
            return Shift.UNCLEAR
        shifts.append(Shift.WIDER if moved == signs.pop() else Shift.NARROWER)
    return _together(shifts)


def _operator(old: str, new: str) -> Shift:
    if old == new:
        return Shift.NONE
    if (old, new) in LOOSER:
        return Shift.WIDER
    return Shift.NARROWER if (new, old) in LOOSER else Shift.UNCLEAR


def _pull(operators: tuple[str, ...], place: int, side: int) -> int | None:
    """The direction in which moving the operand at ``place`` widens the comparison at its left (0) or right (1)."""
    index = place - 1 + side
    if not 0 <= index < len(operators):
        return 0
    sign = operators[index]
    if sign not in ("<", "<=", ">", ">="):
        return None
    upwards = sign.startswith("<") == (side == 0)  # the right operand of <, the left one of >
    return 1 if upwards else -1


def _membership(before: Membership, after: Membership, moves: Moves) -> Shift:
    if before.listed or after.listed or not same(before.item, after.item) or touched(after, moves):
        return Shift.UNCLEAR
    fewer = _without(list(before.options), list(after.options))
    more = _without(list(after.options), list(before.options))
    if fewer and more:
        return Shift.UNCLEAR
    return Shift.WIDER if more else Shift.NARROWER if fewer else Shift.NONE


def _quantified(before: Call, after: Call, moves: Moves) -> Shift:
    """``all`` and ``any`` hold more often where their condition does."""
    if before.function != after.function or after.function not in ("all", "any") or len(after.arguments) != 2:
        return Shift.UNCLEAR
    if len(before.arguments) != 2 or not same(before.arguments[0], after.arguments[0]):
        return Shift.UNCLEAR
    if touched(after.arguments[0], moves):
        return Shift.UNCLEAR
    return _truth(before.arguments[1], after.arguments[1], moves)


def _together(shifts: Iterable[Shift]) -> Shift:
    found = {shift for shift in shifts if shift is not Shift.NONE}
    if not found:
        return Shift.NONE
    return found.pop() if len(found) == 1 else Shift.UNCLEAR
