"""The values of the rule language: exact, immutable, and unknown for a stated cause.

Numbers are ``Decimal`` in IEEE 754 decimal128 arithmetic: 34 digits, half-even. Texts, dates, aware instants and
booleans are Python's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import StrEnum
from typing import NamedTuple

ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


class Cause(StrEnum):
    """Why a value is unknown, in order of precedence: where two meet, the earlier one is told."""

    HIDDEN = "hidden"
    ANSWER = "answer"
    DOCUMENT = "document"
    EVIDENCE = "evidence"
    NOT_YET = "not_yet"
    UNDEFINED = "undefined"  # x / 0, the least of nothing, a date beyond the calendar


PRECEDENCE: dict[Cause, int] = {cause: rank for rank, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known, and why. Supports no operator but equality."""

    cause: Cause


UNDEFINED = Unknown(Cause.UNDEFINED)
SCALAR_TYPES = (Decimal, str, date, bool, tuple)
EXACT: frozenset[type] = frozenset({*SCALAR_TYPES, datetime})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; documents attached to it are cells under ``documents.<key>``."""

    id: str
    cells: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order. ``maybe`` holds the rows of which ``where`` could not tell whether they belong, and the cause."""

    name: str
    rows: tuple[Row, ...]
    maybe: Mapping[str, Unknown] = field(default_factory=dict)


Value = Decimal | str | date | datetime | bool | tuple[str, ...] | Table | Unknown


class Read(NamedTuple):
    """One name an evaluation read (``org.uscc``, ``contracts[r1].software``) and the value it saw."""

    name: str
    value: Value


def merge(first: object, second: object) -> Unknown:
    """The unknown that results where ``first`` and ``second`` meet, at least one of them unknown.

    Raises:
        TypeError: neither is unknown: a value is not of the kind its name was declared with.
    """
    if isinstance(first, Unknown):
        if isinstance(second, Unknown) and PRECEDENCE[second.cause] < PRECEDENCE[first.cause]:
            return second
        return first
    if isinstance(second, Unknown):
        return second
    raise TypeError(f"value of an undeclared kind: {type(first).__name__}, {type(second).__name__}")


def require_exact(values: Sequence[object]) -> None:
    """Refuse what is no value of the language before Python orders it: a float, ``None``.

    Raises:
        TypeError: there is one.
    """
    for value in values:
        if not isinstance(value, SCALAR_TYPES):
            raise TypeError(f"value of an undeclared kind: {type(value).__name__}")


def gather(pending: Unknown | None, found: Unknown) -> Unknown:
    """The unknown to report so far, after another was found."""
    return found if pending is None else merge(pending, found)
