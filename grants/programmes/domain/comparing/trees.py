"""Differences of the parts that no rule is judged by: scoring, funding, stages, what becomes public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grants.programmes.domain.comparing.differences import Difference, Effect, Item

WORDS = frozenset({"label", "help", "title", "text", "note", "summary", "base_label", "number", "dataset", "level"})
NAMES = ("key", "id", "level", "criterion")


def compare_trees(part: str, before: Any, after: Any) -> Iterator[Difference]:
    """Every value that is different, by its path: ``tracks[standard].cap``; items of lists by their key."""
    for path, old, new in _walk("", before, after):
        last = path.rpartition(".")[2].split("[")[0]
        effect = Effect.ADDED if old is None else Effect.REMOVED if new is None else Effect.CHANGED
        yield Item(part, path, path).difference(
            path, Effect.WORDING if last in WORDS or part == "basis" else effect, _text(old), _text(new)
        )


def _walk(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _walk(f"{path}.{key}" if path else str(key), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _walk_items(path, before, after)
    else:
        yield path, before, after


def _walk_items(path: str, before: list[Any], after: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    old, new = _named(before), _named(after)
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _walk(f"{path}[{name}]", old.get(name), new.get(name))


def _named(items: list[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        own = next((str(item[name]) for name in NAMES if name in item), "") if isinstance(item, Mapping) else ""
        named[own if own and own not in named else str(number)] = item
    return named


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "；".join(f"{key}：{_text(part)}" for key, part in value.items())
    return "、".join(_text(part) for part in value) if isinstance(value, list) else str(value)
