"""Differences between parameters, fields, documents, lists and named values of the same key."""

from __future__ import annotations

from collections.abc import Iterator

from grants.kernel.rules import Moves
from grants.programmes.domain.comparing.differences import (
    Difference,
    Effect,
    Item,
    bound,
    demand,
    options_effect,
    plain_changes,
    wording,
)
from grants.programmes.domain.model import DocumentSlot, Field, NamedList, NamedValue, Parameter

FIELD_WORDS = ("label", "help", "example", "guidance", "statement", "pattern_message", "ensure_message", "row_label")
FIELD_CHANGES = (
    "kind",
    "shown_if",
    "unit",
    "list_name",
    "rows_of",
    "fixed_rows",
    "compute",
    "phase",
    "private",
    "precheck",
)


def compare_parameters(former: Parameter, latter: Parameter) -> Iterator[Difference]:
    """What a call may set; what its default comes to stands with the rules that read it."""
    item = Item("parameters", latter.key, latter.label)
    yield from plain_changes(item, former, latter, ("kind", "default"))
    yield from bound(item, former, latter, lower=("minimum",), upper=("maximum",))
    yield from wording(item, former, latter, ("label", "help", "unit"))


def compare_fields(former: Field, latter: Field, moves: Moves) -> Iterator[Difference]:
    """One question or column, its columns apart."""
    item = Item("sections", latter.path, latter.label)
    yield from plain_changes(item, former, latter, FIELD_CHANGES)
    yield from _required(item, former, latter, moves)
    yield from _ensured(item, former, latter, moves)
    lower, upper = (
        ("minimum", "not_before", "min_length", "min_rows"),
        ("maximum", "not_after", "max_length", "max_rows"),
    )
    yield from bound(item, former, latter, lower=lower, upper=upper)
    if former.choices != latter.choices:
        effect = options_effect(former.choices, latter.choices)
        yield item.difference("choices", effect, former.choices, latter.choices)
    if former.pattern != latter.pattern:
        effect = Effect.TIGHTENED if not former.pattern else Effect.RELAXED if not latter.pattern else Effect.CHANGED
        yield item.difference("pattern", effect, former.pattern, latter.pattern)
    yield from wording(item, former, latter, FIELD_WORDS)


def _required(
    item: Item, former: Field | DocumentSlot, latter: Field | DocumentSlot, moves: Moves
) -> Iterator[Difference]:
    if former.required != latter.required:
        effect = Effect.TIGHTENED if latter.required else Effect.RELAXED
        yield item.difference("required", effect, former.required, latter.required)
        return
    found = demand(item, "required_if", former.required_if, latter.required_if, none=False, moves=moves)
    if found is not None:
        yield found


def _ensured(item: Item, former: Field, latter: Field, moves: Moves) -> Iterator[Difference]:
    """What an answer must meet: the wider it holds, the easier."""
    found = demand(item, "ensure", former.ensure, latter.ensure, none=False, moves=moves)
    if found is not None:
        both = former.ensure is not None and latter.ensure is not None
        opposite = {Effect.TIGHTENED: Effect.RELAXED, Effect.RELAXED: Effect.TIGHTENED}
        effect = opposite.get(found.effect, found.effect) if both else found.effect
        yield item.difference("ensure", effect, found.before, found.after)


def compare_documents(former: DocumentSlot, latter: DocumentSlot, moves: Moves) -> Iterator[Difference]:
    """What is to be handed in."""
    item = Item("documents", latter.key, latter.label)
    yield from _required(item, former, latter, moves)
    yield from bound(item, former, latter, lower=(), upper=("max_bytes", "max_pages", "max_files"))
    if former.accept != latter.accept:
        yield item.difference("accept", options_effect(former.accept, latter.accept), former.accept, latter.accept)
    yield from plain_changes(item, former, latter, ("rows_of", "phase"))
    yield from wording(item, former, latter, ("label", "help", "template"))


def compare_lists(former: NamedList, latter: NamedList) -> Iterator[Difference]:
    """A list may allow or forbid: only cases tell what one code more means."""
    item = Item("lists", latter.key, latter.label)
    old, new = former.codes, latter.codes
    if old != new:
        yield item.difference("items", Effect.CHANGED, frozenset(old - new), frozenset(new - old))
    elif former.items != latter.items:
        yield item.difference("items", Effect.WORDING)
    yield from wording(item, former, latter, ("label",))


def compare_values(former: NamedValue, latter: NamedValue) -> Iterator[Difference]:
    """A named value moves whatever reads it."""
    item = Item("values", latter.key, latter.label)
    yield from plain_changes(item, former, latter, ("expression",))
    yield from wording(item, former, latter, ("label",))
