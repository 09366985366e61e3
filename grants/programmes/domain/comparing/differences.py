"""One difference, its effect, and how effects follow from bounds and conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grants.kernel.rules import Expression, Moves, Shift, compare_conditions


class Effect(StrEnum):
    """What a difference means for an application; ``CHANGED`` where the definitions alone do not tell."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    RELAXED = "relaxed"
    CHANGED = "changed"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise: of which part (``rules``), which item (key and title), which aspect of it."""

    part: str
    key: str
    title: str
    aspect: str
    effect: Effect
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """The item that differences are found in; ``difference`` makes one."""

    part: str
    key: str
    title: str

    def difference(self, aspect: str, effect: Effect, before: object = "", after: object = "") -> Difference:
        return Difference(self.part, self.key, self.title, aspect, effect, shown(before), shown(after))


BY_SHIFT = {Shift.WIDER: Effect.RELAXED, Shift.NARROWER: Effect.TIGHTENED, Shift.UNCLEAR: Effect.CHANGED}
OPPOSITE = {Effect.RELAXED: Effect.TIGHTENED, Effect.TIGHTENED: Effect.RELAXED}


def shown(value: object) -> str:
    """A value as the difference shows it."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Expression):
        return value.source
    if isinstance(value, tuple | list | frozenset):
        return "、".join(str(part) for part in (sorted(value) if isinstance(value, frozenset) else value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def wording(item: Item, before: object, after: object, aspects: Collection[str]) -> Iterator[Difference]:
    """Attributes that are words only."""
    for aspect in aspects:
        old, new = getattr(before, aspect), getattr(after, aspect)
        if old != new:
            yield item.difference(aspect, Effect.WORDING, old, new)


def plain_changes(item: Item, before: object, after: object, aspects: Collection[str]) -> Iterator[Difference]:
    """Attributes of which only cases can tell what their change comes to."""
    for aspect in aspects:
        old, new = getattr(before, aspect), getattr(after, aspect)
        if source_of(old) != source_of(new):
            yield item.difference(aspect, Effect.CHANGED, old, new)


def source_of(value: object) -> object:
    """An expression by its text, everything else as it is: expressions are equal only to themselves."""
    if isinstance(value, Expression):
        return value.source
    if isinstance(value, Mapping):
        return {key: source_of(part) for key, part in value.items()}
    arguments = getattr(value, "arguments", None)
    return value if arguments is None else (getattr(value, "name", ""), source_of(arguments))


def bound(
    item: Item, before: object, after: object, *, lower: Collection[str], upper: Collection[str]
) -> Iterator[Difference]:
    """Bounds that an answer must keep; None is no bound."""
    for aspect in (*lower, *upper):
        old, new = getattr(before, aspect), getattr(after, aspect)
        if old != new:
            yield item.difference(aspect, bound_effect(old, new, is_lower=aspect in lower), old, new)


def bound_effect(old: object, new: object, *, is_lower: bool) -> Effect:
    """A bound taken away or moved outwards relaxes, one added or moved inwards tightens."""
    if new is None:
        return Effect.RELAXED
    if old is None:
        return Effect.TIGHTENED
    return Effect.TIGHTENED if (new > old) is is_lower else Effect.RELAXED  # type: ignore[operator]


def options_effect(old: Collection[str], new: Collection[str]) -> Effect:
    """More to choose from relaxes, less tightens."""
    if set(old) < set(new):
        return Effect.RELAXED
    return Effect.TIGHTENED if set(new) < set(old) else Effect.CHANGED


def demand(
    item: Item, aspect: str, before: Expression | None, after: Expression | None, *, none: bool, moves: Moves
) -> Difference | None:
    """A condition under which something is demanded of the applicant; ``none``: what no condition means.

    The wider it holds, the more is demanded. ``required_if``: without one nothing is; ``when``: without one always.
    """
    old, new = source_of(before), source_of(after)
    if before is None or after is None:
        if before is after:
            return None
        more = none is (after is None)  # of cases in which it is demanded
        effect = Effect.TIGHTENED if more else Effect.RELAXED
        return item.difference(aspect, effect, old, new)
    shift = compare_conditions(before.source, after.source, moves)
    if shift is Shift.NONE:
        return None
    effect = BY_SHIFT[shift]
    return item.difference(aspect, OPPOSITE.get(effect, effect), old, new)
