"""What the compiler knows before any case exists: kinds, names, scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The kinds a value can have; every expression has exactly one, known when it is compiled."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    YES_NO = "yes_no"
    LIST = "list"
    TABLE = "table"
    DOCUMENT = "document"

    @property
    def label(self) -> str:
        """The kind's name in fault messages."""
        return KIND_LABELS[self]


KIND_LABELS: dict[Kind, str] = {
    Kind.NUMBER: "数字",
    Kind.TEXT: "文字",
    Kind.DATE: "日期",
    Kind.INSTANT: "时刻",
    Kind.YES_NO: "是否",
    Kind.LIST: "文字列表",
    Kind.TABLE: "表格",
    Kind.DOCUMENT: "材料",
}


@dataclass(frozen=True, slots=True)
class Name:
    """What is known of one name.

    ``columns`` are a table's, documents attached per row among them as ``documents.a6``. ``conditional`` marks a field
    or column that may be hidden. ``evidence`` marks what a register tells: never "missing", only unknown.
    """

    kind: Kind
    columns: Mapping[str, Name] = field(default_factory=dict)
    conditional: bool = False
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may read (dotted where they have a root: ``org.uscc``) and the lists it may search.

    ``faulty`` names exist, but what they stand for could not be read and has been reported: what reads them is refused
    without another fault.
    """

    names: Mapping[str, Name]
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()

    def with_names(self, more: Mapping[str, Name]) -> Scope:
        """The same scope with ``more`` names; a name given twice takes its new meaning."""
        return Scope({**self.names, **more}, self.lists, self.faulty)
