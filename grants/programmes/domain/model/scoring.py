"""How experts score: criteria with anchors, panel, aggregation, ties."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from grants.kernel.rules import Expression
from grants.programmes.domain.kinds import TieKind


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
        """The criterion of that key; ``KeyError`` when there is none."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise KeyError(key)
