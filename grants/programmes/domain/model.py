"""A programme definition after loading: frozen dataclasses with their expressions compiled.

Money bounds are exact yuan (``Decimal``) as written in the file; amounts that leave the package are integer fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from grants.kernel.rules import Expression, Kind, Template
from grants.programmes.domain.kinds import FieldKind, ParameterKind, Phase, RuleStage, Severity, TieKind
from grants.programmes.errors import DefinitionFault


@dataclass(frozen=True, slots=True)
class Basis:
    """A regulation that clauses refer to; ``number`` is empty where none is given, never invented."""

    id: str
    title: str
    number: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A named expression of the definition, readable by rules, funding and screens."""

    key: str
    label: str
    expression: Expression


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
    """

    key: str
    path: str
    label: str
    kind: FieldKind
    help: str = ""
    example: str = ""
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


@dataclass(frozen=True, slots=True)
class CheckCall:
    """A named check with its typed parameters (see ``checks``)."""

    name: str
    parameters: Mapping[str, str | Decimal | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition. Exactly one of ``require`` and ``check`` is set.

    ``evidence`` holds the roots of evidence that a verdict needs (``reg``, ``credits``, ...), through values as well.
    ``sentence`` says the condition in words with the figures of a call.
    """

    key: str
    title: str
    clause: tuple[str, str]
    severity: Severity
    at: RuleStage
    when: Expression | None
    require: Expression | None
    check: CheckCall | None
    message: Template
    remedy: Template
    sentence: Template
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a level means for one criterion; shares of the maximum in [from_share, to_share]."""

    level: str
    from_share: Decimal
    to_share: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """What an expert gives a score for. A comment is due when score / maximum < ``comment_below``."""

    key: str
    label: str
    maximum: Decimal
    step: Decimal
    help: str = ""
    comment_below: Decimal | None = None
    comment_min_length: int = 0


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str
    label: str
    subs: tuple[SubCriterion, ...]
    anchors: tuple[Anchor, ...]
    help: str = ""

    @property
    def maximum(self) -> Decimal:
        return sum((sub.maximum for sub in self.subs), Decimal(0))


@dataclass(frozen=True, slots=True)
class Stratum:
    """At least ``minimum`` experts of a panel have one of these specialties."""

    key: str
    label: str
    specialties: tuple[str, ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One step of breaking ties: criterion (higher first), condition (true first), receipt number (lower first)."""

    kind: TieKind
    label: str
    criterion: str = ""
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class CriterionMinimum:
    criterion: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Rubric:
    """How experts score and what comes of it (decision 31); ``panel_size`` and ``pass_mark`` are read over the case."""

    criteria: tuple[Criterion, ...]
    panel_size: Expression
    strata: tuple[Stratum, ...]
    trim: int
    decimals: int
    pass_mark: Expression
    criterion_minimums: tuple[CriterionMinimum, ...]
    ties: tuple[TieBreak, ...]
    spread_flag: Decimal | None

    @property
    def maximum(self) -> Decimal:
        return sum((criterion.maximum for criterion in self.criteria), Decimal(0))

    def criterion(self, key: str) -> Criterion:
        return _find(self.criteria, key)


@dataclass(frozen=True, slots=True)
class Track:
    """A way of being funded; the first whose ``when`` holds applies. ``ratio_bp`` in basis points, ``cap`` in yuan."""

    key: str
    label: str
    when: Expression | None
    ratio_bp: Expression
    cap: Expression


@dataclass(frozen=True, slots=True)
class Instalment:
    key: str
    label: str
    share_bp: int
    after: str


@dataclass(frozen=True, slots=True)
class Funding:
    """entitled = base x ratio, at most the cap, rounded down to ``rounding``, in yuan; see ``funding_amount``."""

    tracks: tuple[Track, ...]
    base: Expression
    base_label: str
    requested: Expression
    rounding: Expression
    minimum: Expression
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the process; ``days`` are working days unless ``calendar``, ``None`` where not measured."""

    key: str
    label: str
    enabled: bool = True
    days: int | None = None
    calendar: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class PublicColumn:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes public: columns of the notice, the award list and the open data set; days of notice (working)."""

    notice_days: int
    project_name: Expression
    version: Expression | None
    category: Expression | None
    notice: tuple[PublicColumn, ...]
    awards: tuple[PublicColumn, ...]
    open_data: tuple[PublicColumn, ...]
    dataset: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Definition:
    """One version of one programme, compiled. Equal definitions have equal ``fingerprint``s."""

    code: str
    title: str
    summary: str
    version: str
    basis: tuple[Basis, ...]
    values: tuple[NamedValue, ...]
    lists: tuple[NamedList, ...]
    parameters: tuple[Parameter, ...]
    sections: tuple[Section, ...]
    documents: tuple[DocumentSlot, ...]
    rules: tuple[Rule, ...]
    rubric: Rubric
    funding: Funding
    stages: tuple[Stage, ...]
    publication: Publication
    fingerprint: str
    source: str = dataclass_field(repr=False)
    warnings: tuple[DefinitionFault, ...] = ()

    @cached_property
    def fields_by_path(self) -> Mapping[str, Field]:
        """Every field and column by path, in the order of the form."""
        found: dict[str, Field] = {}
        for section in self.sections:
            for question in section.fields:
                found[question.path] = question
                found.update({column.path: column for column in question.columns})
        return found

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of every top-level field, by the field's path."""
        return {question.path: section for section in self.sections for question in section.fields}

    def field(self, path: str) -> Field:
        """The field or column at ``path``; ``KeyError`` when there is none."""
        return self.fields_by_path[path]

    def section(self, key: str) -> Section:
        return _find(self.sections, key)

    def document(self, key: str) -> DocumentSlot:
        return _find(self.documents, key)

    def rule(self, key: str) -> Rule:
        return _find(self.rules, key)

    def parameter(self, key: str) -> Parameter:
        return _find(self.parameters, key)

    def named_list(self, key: str) -> NamedList:
        return _find(self.lists, key)

    def stage(self, key: str) -> Stage:
        return _find(self.stages, key)

    def clause_text(self, rule: Rule) -> str:
        """The clause as a citation: title of the basis and article."""
        basis_id, article = rule.clause
        basis = next(entry for entry in self.basis if entry.id == basis_id)
        return f"《{basis.title}》{article}"


Part = TypeVar("Part", Section, DocumentSlot, Rule, Parameter, NamedList, Stage, Criterion)


def _find(parts: tuple[Part, ...], key: str) -> Part:
    for part in parts:
        if part.key == key:
            return part
    raise KeyError(key)
