"""YAML text to a tree of nodes that know where they stand: bounded, without aliases, tags or implicit types.

Scalars stay text: whether ``2026`` is a year or a title is for the reader of that key to say, so YAML's own guesses
(``no`` as false, ``1:30`` as ninety) never apply.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

import yaml

from grants.programmes.errors import DefinitionFault, DefinitionFaultsError

MAX_BYTES = 500_000
MAX_DEPTH = 24
MAX_NODES = 50_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """One value of the file. ``line`` and ``column`` are 1-based; ``start`` and ``end`` are offsets into the text.

    ``flow``: written in brackets, ``{a: 1}`` or ``[1, 2]``.
    """

    line: int
    column: int
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Scalar(Node):
    text: str = ""


@dataclass(slots=True)
class Sequence(Node):
    items: list[Node] = dataclass_field(default_factory=list)
    flow: bool = False


@dataclass(slots=True)
class Mapping(Node):
    entries: dict[str, Node] = dataclass_field(default_factory=dict)
    keys: dict[str, Scalar] = dataclass_field(default_factory=dict)
    flow: bool = False


def parse_yaml(text: str) -> tuple[Mapping, list[DefinitionFault]]:
    """The tree of one document and the faults that did not stop its reading (keys given twice).

    Raises:
        DefinitionFaultsError: not YAML, more than 500 kB, too deep, with aliases or tags, or not a mapping.
    """
    if len(text.encode("utf-8", errors="surrogatepass")) > MAX_BYTES:
        raise _stop(1, 1, f"文件超过 {MAX_BYTES // 1000} kB")
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _stop(line, column, "不是合法的 YAML：此处语法有误，请检查缩进、引号与括号") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise _stop(1, 1, "不是合法的 YAML：含有不允许的字符") from error
    if not isinstance(builder.root, Mapping):
        raise _stop(1, 1, "文件的最外层应为若干“键: 值”")
    return builder.root, builder.faults


def plain(node: Node) -> Any:
    """The tree as dictionaries, lists and NFC text: what the fingerprint is taken of."""
    match node:
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return unicodedata.normalize("NFC", node.text)
    raise TypeError(type(node).__name__)


def locate(source: str, node: Scalar, line: int, column: int) -> tuple[int, int]:
    """Line and column in the file of a place in a scalar's text (all 1-based).

    Folding and quoting move blanks but keep the order of everything else, so the n-th visible character of the
    scalar is the n-th visible character of its place in the file.
    """
    lines = node.text.split("\n")
    before = "".join(lines[: line - 1]) + lines[min(line, len(lines)) - 1][: column - 1]
    wanted = sum(not char.isspace() for char in before)
    position = _nth_visible(source, content_start(source, node), node.end, wanted)
    ahead = source[:position]
    return ahead.count("\n") + 1, position - (ahead.rfind("\n") + 1) + 1


def content_start(source: str, node: Scalar) -> int:
    """The offset at which a scalar's text begins, behind its quote or its ``|`` and the line of that."""
    first = source[node.start : node.start + 1]
    if first in "|>" and first:
        return source.find("\n", node.start) + 1
    return node.start + (first in ("'", '"'))


def _nth_visible(source: str, start: int, end: int, wanted: int) -> int:
    seen = 0
    for position in range(start, max(end, start)):
        if source[position].isspace():
            continue
        if seen == wanted:
            return position
        seen += 1
    return max(end, start)


class _Builder:
    """Builds the tree from events, so that depth and size are bounded before anything recurses."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[DefinitionFault] = []
        self._open: list[Node] = []
        self._pending: list[Scalar | None] = []
        self._count = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.AliasEvent():
                raise _at(event, "不允许使用锚点与引用（&、*）")
            case yaml.ScalarEvent():
                self._checked(event)
                line, column, start = _start(event)
                end = event.end_mark.index if event.end_mark else start
                self._add(Scalar(line, column, start, end, event.value))
            case yaml.MappingStartEvent():
                self._begin(event, Mapping(*_start(event), flow=bool(event.flow_style)))
            case yaml.SequenceStartEvent():
                self._begin(event, Sequence(*_start(event), flow=bool(event.flow_style)))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise _at(event, "一个文件只能有一份定义")

    def _checked(self, event: yaml.NodeEvent) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise _at(event, f"内容超过 {MAX_NODES} 项")
        if event.anchor is not None:
            raise _at(event, "不允许使用锚点与引用（&、*）")
        if getattr(event, "tag", None) not in (None, "!"):
            raise _at(event, "不允许使用类型标签（!）")

    def _begin(self, event: yaml.NodeEvent, node: Node) -> None:
        self._checked(event)
        if len(self._open) >= MAX_DEPTH:
            raise _at(event, f"嵌套超过 {MAX_DEPTH} 层")
        self._add(node)
        self._open.append(node)
        self._pending.append(None)

    def _close(self, event: yaml.Event) -> None:
        """A block ends where its last value does: its own mark lies behind the comments that follow."""
        node = self._open.pop()
        self._pending.pop()
        mark = event.end_mark
        node.end = mark.index if mark else node.start
        if isinstance(node, Sequence) and node.items and not node.flow:
            node.end = node.items[-1].end
        elif isinstance(node, Mapping) and node.entries and not node.flow:
            node.end = list(node.entries.values())[-1].end

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif isinstance(parent, Mapping):
            self._add_entry(parent, node)

    def _add_entry(self, parent: Mapping, node: Node) -> None:
        key = self._pending[-1]
        if key is None:
            if not isinstance(node, Scalar):
                raise _stop(node.line, node.column, "键应为文字")
            self._pending[-1] = node
            return
        self._pending[-1] = None
        if key.text in parent.entries:
            message = f"键“{key.text}”重复（首次出现在第{parent.keys[key.text].line}行）"
            self.faults.append(DefinitionFault(key.text, key.line, key.column, message))
            return
        parent.entries[key.text], parent.keys[key.text] = node, key


def _at(event: yaml.Event, message: str) -> DefinitionFaultsError:
    line, column, _ = _start(event)
    return _stop(line, column, message)


def _start(event: yaml.Event) -> tuple[int, int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1, mark.index) if mark else (1, 1, 0)


def _stop(line: int, column: int, message: str) -> DefinitionFaultsError:
    return DefinitionFaultsError([DefinitionFault("", line, column, message)])
