"""Differences between two rules of the same key."""

from __future__ import annotations

from collections.abc import Iterator

from grants.kernel.rules import Moves, Shift, compare_conditions
from grants.programmes.domain.comparing.differences import BY_SHIFT, Difference, Effect, Item, demand, shown, wording
from grants.programmes.domain.kinds import Severity
from grants.programmes.domain.model import CheckCall, Definition, Rule

PART = "rules"
STRICTNESS = (Severity.WARN, Severity.MANUAL, Severity.RETURN, Severity.REJECT)


def rule_item(rule: Rule) -> Item:
    return Item(PART, rule.key, rule.title)


def compare_rules(
    before: Definition, after: Definition, former: Rule, latter: Rule, moves: Moves
) -> Iterator[Difference]:
    """Severity, stage, conditions, then words. ``moves``: parameters whose default has moved, which moves the
    conditions that read them."""
    item = rule_item(latter)
    if former.severity != latter.severity:
        yield item.difference("severity", _severity(former.severity, latter.severity), former.severity, latter.severity)
    if former.at != latter.at:
        yield item.difference("at", Effect.CHANGED, former.at, latter.at)
    applies = demand(item, "when", former.when, latter.when, none=True, moves=moves)
    if applies is not None:
        yield applies
    yield from _condition(item, former, latter, moves)
    old, new = before.clause_text(former), after.clause_text(latter)
    if old != new:
        yield item.difference("clause", Effect.WORDING, old, new)
    yield from wording(item, former, latter, ("title",))
    for aspect in ("message", "remedy", "sentence"):
        old, new = getattr(former, aspect).text, getattr(latter, aspect).text
        if old != new:
            yield item.difference(aspect, Effect.WORDING, old, new)


def _severity(old: Severity, new: Severity) -> Effect:
    """From a hint to a rejection; what is judged at payment alone is another matter."""
    if old not in STRICTNESS or new not in STRICTNESS:
        return Effect.CHANGED
    return Effect.TIGHTENED if STRICTNESS.index(new) > STRICTNESS.index(old) else Effect.RELAXED


def _condition(item: Item, former: Rule, latter: Rule, moves: Moves) -> Iterator[Difference]:
    if former.require is not None and latter.require is not None:
        shift = compare_conditions(former.require.source, latter.require.source, moves)
        if shift is not Shift.NONE:
            yield item.difference("require", BY_SHIFT[shift], former.require, latter.require)
    elif former.check is not None and latter.check is not None:
        if former.check != latter.check:
            effect = _check(former.check, latter.check)
            yield item.difference("check", effect, check_text(former.check), check_text(latter.check))
    else:
        yield item.difference("require", Effect.CHANGED, _either(former), _either(latter))


def _either(rule: Rule) -> str:
    return rule.require.source if rule.require is not None else check_text(rule.check) if rule.check else ""


def _check(former: CheckCall, latter: CheckCall) -> Effect:
    """Of the checks only the share above which texts count as alike says by itself what its change means."""
    changed = {
        key
        for key in former.parameters.keys() | latter.parameters.keys()
        if former.parameters.get(key) != latter.parameters.get(key)
    }
    old, new = former.parameters.get("threshold"), latter.parameters.get("threshold")
    if former.name == latter.name and changed == {"threshold"} and old is not None and new is not None:
        return Effect.RELAXED if new > old else Effect.TIGHTENED  # type: ignore[operator]
    return Effect.CHANGED


def check_text(check: CheckCall) -> str:
    """``near_duplicate（fields：tech_summary、breakthrough；threshold：0.8）``"""
    inside = "；".join(f"{key}：{shown(value)}" for key, value in check.parameters.items())
    return f"{check.name}（{inside}）" if inside else check.name
