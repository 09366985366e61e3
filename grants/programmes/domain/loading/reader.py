"""Typed reading of the tree: every access notes its fault with path, line and column, and goes on."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from grants.programmes.domain.loading.yaml_tree import Mapping, Node, Scalar, Sequence
from grants.programmes.domain.scalars import to_date, to_decimal
from grants.programmes.errors import DefinitionFault

Member = TypeVar("Member", bound=StrEnum)

_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


class Part:
    """One mapping of the file. Ask for each key once, then call ``close``: what nobody asked for is a fault."""

    def __init__(self, node: Node, path: str, faults: list[DefinitionFault]) -> None:
        self.node = node
        self.path = path
        self.faults = faults
        self._entries = node.entries if isinstance(node, Mapping) else {}
        self._asked: set[str] = set()
        if not isinstance(node, Mapping):
            self.fault("应为若干“键: 值”")

    def fault(self, message: str, node: Node | None = None, *, key: str = "") -> None:
        """Note a fault at ``node`` (the part itself when none is given)."""
        place = node or self.node
        self.faults.append(DefinitionFault(self.path_of(key), place.line, place.column, message))

    def has(self, key: str) -> bool:
        return key in self._entries

    def node_of(self, key: str) -> Node | None:
        self._asked.add(key)
        return self._entries.get(key)

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        """The scalar under ``key``; ``None`` where it is absent or no scalar."""
        node = self.node_of(key)
        if node is None:
            if required:
                self.fault(f"缺少“{key}”", key=key)
            return None
        if not isinstance(node, Scalar):
            self.fault("应为单个值", node, key=key)
            return None
        if required and not node.text.strip():
            self.fault("不能为空", node, key=key)
        return node

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """NFC text without blanks at either end."""
        node = self.scalar(key, required=required)
        return unicodedata.normalize("NFC", node.text.strip()) if node else default

    def decimal(self, key: str, *, required: bool = False) -> Decimal | None:
        """An exact number; thousands may be set apart by ``_``."""
        node = self.scalar(key, required=required)
        if node is None or not node.text.strip():
            return None
        number = to_decimal(node.text)
        if number is None:
            self.fault(f"“{node.text}”不是数字", node, key=key)
        return number

    def integer(self, key: str, *, required: bool = False, minimum: int = 0) -> int | None:
        number = self.decimal(key, required=required)
        if number is None:
            return None
        if number != number.to_integral_value() or number < minimum:
            self.fault(f"应为不小于 {minimum} 的整数", self.node_of(key), key=key)
            return None
        return int(number)

    def yes_no(self, key: str, *, default: bool = False) -> bool:
        node = self.scalar(key)
        if node is None:
            return default
        answer = _YES_NO.get(node.text.strip().lower())
        if answer is None:
            self.fault("应为 true 或 false", node, key=key)
            return default
        return answer

    def day(self, key: str) -> date | None:
        node = self.scalar(key)
        if node is None or not node.text.strip():
            return None
        day = to_date(node.text)
        if day is None:
            self.fault(f"“{node.text}”不是日期（应如 2026-03-02）", node, key=key)
        return day

    def member(self, key: str, members: type[Member], *, default: Member | None = None) -> Member:
        """A member of an enumeration; without ``default`` the key is required."""
        node = self.scalar(key, required=default is None)
        fallback = default if default is not None else next(iter(members))
        if node is None:
            return fallback
        try:
            return members(node.text.strip())
        except ValueError:
            self.fault(f"“{node.text}”不在可选值内{nearest(node.text, [m.value for m in members])}", node, key=key)
            return fallback

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; a single scalar counts as a list of one."""
        node = self.node_of(key)
        if node is None:
            if required:
                self.fault(f"缺少“{key}”", key=key)
            return ()
        items = node.items if isinstance(node, Sequence) else [node]
        found = []
        for item in items:
            if isinstance(item, Scalar):
                found.append(unicodedata.normalize("NFC", item.text.strip()))
            else:
                self.fault("列表中应为文字", item, key=key)
        return tuple(found)

    def part(self, key: str, *, required: bool = False) -> Part | None:
        node = self.node_of(key)
        if node is None:
            if required:
                self.fault(f"缺少“{key}”", key=key)
            return None
        return Part(node, self.path_of(key), self.faults)

    def parts(self, key: str, *, required: bool = False, named_by: str = "key") -> Iterator[Part]:
        """The mappings of a list; each one's path ends in its own key where it has one."""
        node = self.node_of(key)
        if node is None:
            if required:
                self.fault(f"缺少“{key}”", key=key)
            return
        if not isinstance(node, Sequence):
            self.fault("应为列表", node, key=key)
            return
        for number, item in enumerate(node.items, 1):
            name = item.entries.get(named_by) if isinstance(item, Mapping) else None
            label = name.text if isinstance(name, Scalar) else str(number)
            yield Part(item, f"{self.path_of(key)}[{label}]", self.faults)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Every entry in the order of the file; all count as asked for."""
        self._asked.update(self._entries)
        yield from self._entries.items()

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._entries:
            if key not in self._asked:
                keys = self.node.keys if isinstance(self.node, Mapping) else {}
                self.fault(f"不认识的键“{key}”{nearest(key, self._asked)}", keys.get(key), key=key)

    def path_of(self, key: str) -> str:
        """Path of an entry, as faults tell it."""
        return f"{self.path}.{key}" if self.path and key else self.path or key


def nearest(word: str, known: Collection[str]) -> str:
    """``，是否为“…”？`` with the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"，是否为“{close[0]}”？" if close else ""
