"""The parts of a definition's text: which lines are whose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grants.programmes.domain.loading.yaml_tree import Mapping, Node, Scalar, Sequence, parse_yaml, plain

WHOLE = ""
LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
PARTS = (
    "basis",
    "parameters",
    "lists",
    "values",
    "sections",
    "documents",
    "rules",
    "rubric",
    "funding",
    "stages",
    "publication",
)


class UneditableError(Exception):
    """The text is written in a way that cannot be changed piece by piece: it is for the source editor."""


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Lines ``first`` to ``last`` of the text (1-based, both included) under the top-level key ``key``."""

    key: str
    first: int
    last: int


def normalise(text: str) -> str:
    """The text with plain line ends, ending in one: what a browser sends back is what was sent to it.

    Everything that YAML takes for the end of a line becomes a line feed, so that its marks count as we do.
    """
    return LINE_END.sub("\n", text).rstrip("\n") + "\n"


def list_parts(source: str) -> tuple[SourcePart, ...]:
    """The top-level keys in the order of the text; the lines before the first belong to it.

    Raises:
        DefinitionFaultsError: the text is no YAML that could be taken apart.
        UneditableError: two keys share a line.
    """
    root, _ = parse_yaml(source)
    firsts = [key.line for key in root.keys.values()]
    if root.flow or len(set(firsts)) != len(firsts):
        raise UneditableError
    total = source.count("\n") + (not source.endswith("\n"))
    lasts = [first - 1 for first in firsts[1:]] + [total]
    return tuple(
        SourcePart(key, 1 if place == 0 else first, last)
        for place, (key, first, last) in enumerate(zip(root.keys, firsts, lasts, strict=True))
    )


def find_part(source: str, key: str) -> SourcePart | None:
    """The part of that key, or None; raises as ``list_parts``."""
    return next((part for part in list_parts(source) if part.key == key), None)


def part_text(source: str, key: str) -> str:
    """The lines of a part; with the empty key the whole text; nothing where there is no such part."""
    if key == WHOLE:
        return source
    part = find_part(source, key)
    return "" if part is None else "".join(lines_of(source)[part.first - 1 : part.last])


def replace_part(source: str, key: str, text: str) -> str:
    """The text with the part's lines exchanged; a part that was not there is added at the end."""
    if key == WHOLE:
        return normalise(text)
    part, lines = find_part(source, key), lines_of(source)
    given = LINE_END.sub("\n", text)
    kept = given if given.endswith("\n") or not given else f"{given}\n"
    if part is None:
        return normalise(source) + kept
    return "".join(lines[: part.first - 1]) + kept + "".join(lines[part.last :])


def item_keys(source: str, part: str) -> tuple[str, ...]:
    """The keys of the items of a list such as ``rules``, in order; items without one are left out."""
    root, _ = parse_yaml(source)
    return tuple(key for item in _items(root, part) if (key := _key(item)))


def read_item(source: str, part: str, key: str) -> dict[str, Any]:
    """What an item says, as plain texts, lists and mappings; KeyError where there is none of that key."""
    root, _ = parse_yaml(source)
    found: dict[str, Any] = plain(find_item(root, part, key))
    return found


def read_part(source: str, part: str) -> Any:
    """What a part says, as plain texts, lists and mappings; None where there is no such part."""
    root, _ = parse_yaml(source)
    node = root.entries.get(part)
    return None if node is None else plain(node)


def read_items(source: str, part: str) -> tuple[dict[str, Any], ...]:
    """What the items of a list say, as plain texts, lists and mappings; items without a key are left out."""
    root, _ = parse_yaml(source)
    return tuple(plain(item) for item in _items(root, part) if _key(item))


def item_text(source: str, part: str, key: str) -> str:
    """The lines of an item as written; KeyError where there is none, UneditableError where others share them."""
    root, _ = parse_yaml(source)
    first, last = item_lines(source, root, part, find_item(root, part, key))
    return "".join(lines_of(source)[first - 1 : last])


def add_item(source: str, part: str, text: str) -> str:
    """The text with an item (its lines, beginning with ``- ``, not indented) at the end of a list.

    Raises:
        UneditableError: the list is written in brackets, or is not there.
    """
    root, _ = parse_yaml(source)
    listed = root.entries.get(part)
    if not isinstance(listed, Sequence) or listed.flow or not listed.items:
        raise UneditableError
    indent = " " * (listed.column - 1)
    written = "".join(f"{indent}{line}" if line.strip() else line for line in lines_of(normalise(text)))
    lines, place = lines_of(normalise(source)), line_of_end(source, listed)
    return "".join(lines[:place]) + written + "".join(lines[place:])


def remove_item(source: str, part: str, key: str) -> str:
    """The text without an item's lines. Raises KeyError, and UneditableError where it shares its lines."""
    root, _ = parse_yaml(source)
    item = find_item(root, part, key)
    first, last = item_lines(source, root, part, item)
    lines = lines_of(source)
    return "".join(lines[: first - 1]) + "".join(lines[last:])


def find_item(root: Mapping, part: str, key: str) -> Mapping:
    """The item of a list by its key; raises KeyError."""
    for item in _items(root, part):
        if _key(item) == key:
            return item
    raise KeyError(key)


def item_lines(source: str, root: Mapping, part: str, item: Mapping) -> tuple[int, int]:
    """First and last line of an item of a list; raises UneditableError where others share them."""
    listed = root.entries.get(part)
    before = source[source.rfind("\n", 0, item.start) + 1 : item.start]
    if not isinstance(listed, Sequence) or listed.flow or before.strip() != "-":
        raise UneditableError
    return item.line, line_of_end(source, item)


def line_of_end(source: str, node: Node) -> int:
    """The last line (1-based) that has something of the node on it."""
    return source.count("\n", 0, node.start + len(source[node.start : node.end].rstrip())) + 1


def lines_of(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one, as in YAML's marks and a browser's."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [rest for rest in [text.rpartition("\n")[2]] if rest]


def _items(root: Mapping, part: str) -> list[Mapping]:
    listed = root.entries.get(part)
    items = listed.items if isinstance(listed, Sequence) else []
    return [item for item in items if isinstance(item, Mapping)]


def _key(item: Mapping) -> str:
    node = item.entries.get("key")
    return node.text.strip() if isinstance(node, Scalar) else ""
