"""Faults of a definition told by the place in the piece of it that somebody edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from grants.programmes.domain.editing.parts import WHOLE, find_item, find_part
from grants.programmes.domain.loading.yaml_tree import Mapping, Scalar, content_start, parse_yaml
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError


@dataclass(frozen=True, slots=True)
class EntryFault:
    """A fault of one entry of an item, by line and column (1-based) of what stands in its input."""

    entry: str
    line: int
    column: int | None
    message: str


def faults_in_part(
    source: str, part: str, faults: Iterable[DefinitionFault]
) -> tuple[tuple[DefinitionFault, ...], int]:
    """The faults in the lines of a part, their lines counted from its own first, and how many are elsewhere."""
    found = tuple(faults)
    try:
        lines = find_part(source, part) if part != WHOLE else None
    except DefinitionFaultsError:
        return found, 0  # nothing can be taken apart: all of it concerns whoever edits
    if lines is None:
        return found, 0
    own = tuple(
        replace(fault, line=fault.line - lines.first + 1) for fault in found if lines.first <= fault.line <= lines.last
    )
    return own, len(found) - len(own)


def fault_in_item(source: str, part: str, key: str, fault: DefinitionFault) -> EntryFault | None:
    """The fault by its place in the input of its entry; None where it concerns something else.

    Raises DefinitionFaultsError where the text is no YAML, KeyError where it has no such item.
    """
    start = f"{part}[{key}]"
    if fault.path != start and not fault.path.startswith(f"{start}."):
        return None
    entry = fault.path.removeprefix(start).removeprefix(".").split(".")[0]
    root, _ = parse_yaml(source)
    node = find_item(root, part, key).entries.get(entry)
    if isinstance(node, Scalar):
        return EntryFault(entry, *_within(source, node, fault), fault.message)
    if isinstance(node, Mapping) and not node.flow:
        column = fault.column - node.column + 1 if fault.column else None
        return EntryFault(entry, fault.line - node.line + 1, column, fault.message)
    return EntryFault(entry, 1, None, fault.message)


def _within(source: str, node: Scalar, fault: DefinitionFault) -> tuple[int, int | None]:
    """Line and column in the scalar's own text of a place in the file: the way back of ``locate``."""
    if fault.column is None or fault.line < node.line:
        return 1, None
    start, offset = content_start(source, node), 0
    for _ in range(fault.line - 1):
        offset = source.find("\n", offset) + 1
    place = offset + fault.column - 1
    seen = sum(not character.isspace() for character in source[start:place])
    for position, character in enumerate(node.text):
        if not character.isspace():
            if seen == 0:
                return _line_column(node.text, position)
            seen -= 1
    return _line_column(node.text, len(node.text))


def _line_column(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
