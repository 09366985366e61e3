"""Changing single entries of a mapping in the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from collections.abc import Mapping as Changes
from collections.abc import Sequence as Order

from grants.programmes.domain.editing.emission import Raw, Written, emit_entry
from grants.programmes.domain.editing.parts import UneditableError, find_item, item_lines, line_of_end, lines_of
from grants.programmes.domain.loading.yaml_tree import Mapping, Node, Scalar, Sequence, parse_yaml, plain

Edited = Written | None


def set_entry(source: str, key: str, value: str) -> str:
    """The text with a top-level entry (``version``) exchanged; KeyError where it is not there."""
    root, _ = parse_yaml(source)
    return _exchange(source, root, key, value, indent=0)


def next_version(version: str, taken: Collection[str]) -> str:
    """The next number of a version that is free: ``1.2`` after ``1.1``; the last of its numbers is counted up."""
    head, _, last = version.rpartition(".")
    number = int(last) + 1
    while (found := f"{head}.{number}" if head else str(number)) in taken:
        number += 1
    return found


def edit_item(source: str, part: str, key: str, changes: Changes[str, Edited], *, order: Order[str]) -> str:
    """The text with some entries of one item of a list changed; None takes an entry away.

    Entries that are not named, or say the same already, stay as they are written. New ones go behind the last one
    present that ``order`` names before them.

    Raises:
        KeyError: there is no such item.
        UneditableError: others share its lines, or the result would not read back as meant.
    """
    root, _ = parse_yaml(source)
    present = find_item(root, part, key).entries
    given = {name: _composed(value) for name, value in changes.items()}
    wanted = {name: value for name, value in given.items() if name not in present or not _says(present[name], value)}
    for name, value in wanted.items():
        root, _ = parse_yaml(source)
        item = find_item(root, part, key)
        if item.flow:
            source = _unfold(source, root, part, item)
            root, _ = parse_yaml(source)
            item = find_item(root, part, key)
        source = _change(source, root, part, item, (name, value), order)
        key = value if name == "key" and isinstance(value, str) else key
    if wanted:
        _require_meant(source, part, key, wanted)
    return source


def _change(source: str, root: Mapping, part: str, item: Mapping, change: tuple[str, Edited], order: Order[str]) -> str:
    name, value = change
    item_lines(source, root, part, item)
    if name in item.entries:
        if value is None:
            return _take_away(source, item, name)
        return _exchange(source, item, name, value, item.column - 1)
    if value is None:
        return source
    earlier = order[: order.index(name)] if name in order else order
    present = [known for known in earlier if known in item.entries] or list(item.entries)
    after = max(line_of_end(source, item.entries[known]) for known in present)
    lines = lines_of(source)
    lines.insert(after, emit_entry(name, value, item.column - 1))
    return "".join(lines)


def _exchange(source: str, mapping: Mapping, key: str, value: Written, indent: int) -> str:
    """The lines of one entry written anew; what stands before its key (``- ``) is kept."""
    name, node = mapping.keys[key], mapping.entries[key]
    lines, last = lines_of(source), line_of_end(source, node)
    _require_own_lines(mapping, key, name.line, last, source)
    written = lines[name.line - 1][: name.column - 1] + emit_entry(key, value, indent)[indent:]
    return "".join([*lines[: name.line - 1], written, *lines[last:]])


def _take_away(source: str, item: Mapping, key: str) -> str:
    name, node = item.keys[key], item.entries[key]
    if next(iter(item.keys)) == key:
        raise UneditableError  # it stands on the line of the item's dash
    last = line_of_end(source, node)
    _require_own_lines(item, key, name.line, last, source)
    lines = lines_of(source)
    return "".join([*lines[: name.line - 1], *lines[last:]])


def _require_own_lines(mapping: Mapping, key: str, first: int, last: int, source: str) -> None:
    for other, name in mapping.keys.items():
        if other != key and first <= name.line <= last:
            raise UneditableError
    if mapping.flow:
        raise UneditableError


def _unfold(source: str, root: Mapping, part: str, item: Mapping) -> str:
    """An item in brackets, ``- {key: …}``, written line by line."""
    first, last = item_lines(source, root, part, item)
    margin = item.column - 1
    entries = "".join(emit_entry(key, _written(node), margin) for key, node in item.entries.items())
    lines = lines_of(source)
    return "".join([*lines[: first - 1], lines[first - 1][:margin] + entries[margin:], *lines[last:]])


def _written(node: Node) -> Written:
    """A value of an item in brackets as it can be written anew."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping) and all(isinstance(value, Scalar) for value in node.entries.values()):
        return {key: value.text for key, value in node.entries.items() if isinstance(value, Scalar)}
    if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        return [item.text for item in node.items if isinstance(item, Scalar)]
    raise UneditableError


def _composed(value: Edited) -> Edited:
    """In NFC, as the loader reads it."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Changes):
        return {key: unicodedata.normalize("NFC", text) for key, text in value.items()}
    return value


def _says(node: Node, value: Edited) -> bool:
    return value is not None and not isinstance(value, Raw) and plain(node) == value


def _require_meant(source: str, part: str, key: str, changes: Changes[str, Edited]) -> None:
    root, _ = parse_yaml(source)
    found = plain(find_item(root, part, key))
    for name, value in changes.items():
        if value is None and name in found:
            raise UneditableError
        if isinstance(value, str | dict) and found.get(name) != value:
            raise UneditableError
