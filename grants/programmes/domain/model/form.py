"""The form: fields, sections, documents, and the lists and parameters they rest on. Money bounds are exact yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal

from grants.kernel.rules import Expression, Kind
from grants.programmes.domain.kinds import FieldKind, ParameterKind, Phase


@dataclass(frozen=True, slots=True)
class ListItem:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list of texts or codes; rules see the codes."""

    key: str
    label: str
    items: tuple[ListItem, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(item.code for item in self.items)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a call may set without a new version; without ``default`` the call must set it. Money and bounds in yuan."""

    key: str
    kind: ParameterKind
    label: str
    default: Decimal | date | None = None
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class FixedRows:
    """Rows nobody adds or removes: the ``last_years`` before the call's year, written into ``column``; or labels."""

    column: str
    last_years: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedComputation:
    """A computation that no expression can say, by name, with its arguments as expressions."""

    name: str
    arguments: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or one column of a table.

    ``path`` is the key of its answer (``org.name``, ``contracts``), of a column ``contracts.software``.
    ``unit`` of money is ``yuan`` or ``wan_yuan`` and concerns entry only; ``minimum`` and ``maximum`` are yuan.
    ``ensure`` is a condition over the whole application that this answer must meet, ``ensure_message`` its words.
    ``statement`` is what a ticked undertaking puts on record. ``precheck`` marks what the public pre-check asks.
    ``guidance`` is what to write and how, too long for ``help``; pages fold it.
    """

    key: str
    path: str
    label: str
    kind: FieldKind
    help: str = ""
    example: str = ""
    guidance: str = ""
    required: bool = False
    required_if: Expression | None = None
    shown_if: Expression | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    not_before: date | None = None
    not_after: date | None = None
    min_length: int | None = None
    max_length: int | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    choice_labels: Mapping[str, str] = dataclass_field(default_factory=dict)
    list_name: str = ""
    columns: tuple[Field, ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    rows_of: str = ""
    fixed_rows: FixedRows | None = None
    row_label: str = ""
    compute: Expression | NamedComputation | None = None
    compute_kind: Kind | None = None
    phase: Phase = Phase.APPLICATION
    private: bool = False
    pattern: str = ""
    pattern_message: str = ""
    ensure: Expression | None = None
    ensure_message: str = ""
    precheck: bool = False
    statement: str = ""

    def column(self, key: str) -> Field:
        """The column of that key; ``KeyError`` when there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.path}.{key}")


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form. The section with key ``org`` is 单位基本情况: its paths and names begin with ``org.``."""

    key: str
    title: str
    help: str
    fields: tuple[Field, ...]
    phase: Phase = Phase.APPLICATION
    shown_if: Expression | None = None


@dataclass(frozen=True, slots=True)
class DocumentSlot:
    """A place for files. ``rows_of`` names the table of which every row has its own."""

    key: str
    label: str
    accept: tuple[str, ...]
    max_bytes: int
    help: str = ""
    max_pages: int | None = None
    required: bool = False
    required_if: Expression | None = None
    rows_of: str = ""
    max_files: int = 1
    template: str = ""
    phase: Phase = Phase.APPLICATION
