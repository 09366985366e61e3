"""Two whole definitions beside each other. Pure; the first is the one in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from grants.kernel.rules import Moves
from grants.programmes.domain.comparing import form
from grants.programmes.domain.comparing.differences import Difference, Effect, Item
from grants.programmes.domain.comparing.rules import compare_rules, rule_item
from grants.programmes.domain.comparing.trees import compare_trees
from grants.programmes.domain.loading.yaml_tree import parse_yaml, plain
from grants.programmes.domain.model import Definition

Thing = TypeVar("Thing")
TREES = ("basis", "rubric", "funding", "stages", "publication")
HEAD = ("title", "summary")


def compare_definitions(before: Definition, after: Definition) -> tuple[Difference, ...]:
    """Every difference but the version's number: rules first, then what they rest on, then the rest.

    Relaxed and tightened are told only where that is certain: a bound moved in a comparison that is otherwise the same,
    a condition more or less, a severity, a requirement, a default that a condition reads. Else ``changed``.
    """
    moves = Moves(_moved(before, after), _not_negative(before) & _not_negative(after))
    sections = (
        {section.key: section.title for section in before.sections},
        {section.key: section.title for section in after.sections},
    )
    return (
        *_head(before, after),
        *_matched(
            before.rules,
            after.rules,
            key=lambda rule: rule.key,
            item=rule_item,
            compare=lambda old, new: compare_rules(before, after, old, new, moves),
        ),
        *_matched(
            before.parameters,
            after.parameters,
            key=lambda found: found.key,
            item=lambda found: Item("parameters", found.key, found.label),
            compare=form.compare_parameters,
        ),
        *_matched(
            before.values,
            after.values,
            key=lambda found: found.key,
            item=lambda found: Item("values", found.key, found.label),
            compare=form.compare_values,
        ),
        *_matched(
            before.lists,
            after.lists,
            key=lambda found: found.key,
            item=lambda found: Item("lists", found.key, found.label),
            compare=form.compare_lists,
        ),
        *_titles(*sections),
        *_matched(
            before.fields_by_path.values(),
            after.fields_by_path.values(),
            key=lambda found: found.path,
            item=lambda found: Item("sections", found.path, found.label),
            compare=lambda old, new: form.compare_fields(old, new, moves),
        ),
        *_matched(
            before.documents,
            after.documents,
            key=lambda found: found.key,
            item=lambda found: Item("documents", found.key, found.label),
            compare=lambda old, new: form.compare_documents(old, new, moves),
        ),
        *_trees(before, after),
    )


def definitions_differ(before: Definition, after: Definition) -> bool:
    """Whether anything but the version is different."""
    return _content(before) != _content(after)


def _matched(
    before: Iterable[Thing],
    after: Iterable[Thing],
    *,
    key: Callable[[Thing], str],
    item: Callable[[Thing], Item],
    compare: Callable[[Thing, Thing], Iterator[Difference]],
) -> Iterator[Difference]:
    """What was added, what is different, what is gone, by key, in the order of the later list."""
    old, new = {key(thing): thing for thing in before}, {key(thing): thing for thing in after}
    for name, thing in new.items():
        if name in old:
            yield from compare(old[name], thing)
        else:
            yield item(thing).difference("", Effect.ADDED)
    for name, thing in old.items():
        if name not in new:
            yield item(thing).difference("", Effect.REMOVED)


def _head(before: Definition, after: Definition) -> Iterator[Difference]:
    for aspect in HEAD:
        old, new = getattr(before, aspect), getattr(after, aspect)
        if old != new:
            yield Item("head", aspect, "").difference(aspect, Effect.WORDING, old, new)


def _titles(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for key, title in after.items():
        if key in before and before[key] != title:
            yield Item("sections", key, title).difference("title", Effect.WORDING, before[key], title)


def _moved(before: Definition, after: Definition) -> dict[str, int]:
    """Parameters of the same kind whose default was raised or lowered."""
    old = {parameter.key: parameter for parameter in before.parameters}
    found: dict[str, int] = {}
    for parameter in after.parameters:
        former = old.get(parameter.key)
        if former is None or former.kind is not parameter.kind or None in (former.default, parameter.default):
            continue
        if former.default != parameter.default:
            found[parameter.key] = 1 if parameter.default > former.default else -1  # type: ignore[operator]
    return found


def _not_negative(definition: Definition) -> frozenset[str]:
    """Parameters and top-level fields whose number is bounded from below at nought or above."""
    parameters = [(found.key, found.minimum) for found in definition.parameters]
    fields = [(path, definition.field(path).minimum) for path in definition.section_of]
    return frozenset(name for name, least in (*parameters, *fields) if isinstance(least, Decimal) and least >= 0)


def _trees(before: Definition, after: Definition) -> Iterator[Difference]:
    old, new = _content(before), _content(after)
    for part in TREES:
        yield from compare_trees(part, old.get(part), new.get(part))


def _content(definition: Definition) -> dict[str, Any]:
    root, _ = parse_yaml(definition.source)
    found: dict[str, Any] = plain(root)
    found.pop("version", None)
    return found
