"""What is judged: regulations, named values, rules and the named checks they call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grants.kernel.rules import Expression, Template
from grants.programmes.domain.kinds import RuleStage, Severity


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
