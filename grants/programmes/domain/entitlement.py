"""What the funding rule grants before the request is looked at, in exact yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grants.kernel.rules import Cause, Unknown, Value
from grants.programmes.domain.limits import value_of
from grants.programmes.domain.model import Definition, Track

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Entitlement:
    """base x ratio_bp / 10,000, at most ``cap``, rounded down to ``rounding``; yuan, or unknown for a stated cause."""

    track: Track | None
    base: Value
    ratio_bp: Value
    cap: Value
    rounding: Value
    amount: Value


def entitled(definition: Definition, names: Mapping[str, Value]) -> Entitlement:
    """Apply the first track whose condition holds; an undecided condition leaves the amount unknown."""
    funding = definition.funding
    base, rounding = value_of(funding.base, names), value_of(funding.rounding, names)
    track = _track(definition, names)
    if isinstance(track, Unknown):
        return Entitlement(None, base, track, track, rounding, track)
    ratio_bp, cap = value_of(track.ratio_bp, names), value_of(track.cap, names)
    return Entitlement(track, base, ratio_bp, cap, rounding, _amount(base, ratio_bp, cap, rounding))


def _track(definition: Definition, names: Mapping[str, Value]) -> Track | Unknown:
    for track in definition.funding.tracks:
        applies = True if track.when is None else value_of(track.when, names)
        if isinstance(applies, Unknown):
            return applies
        if applies:
            return track
    return Unknown(Cause.ANSWER)


def _amount(base: Value, ratio_bp: Value, cap: Value, rounding: Value) -> Value:
    numbers = []
    for value in (base, ratio_bp, cap, rounding):
        if isinstance(value, Unknown):
            return value
        numbers.append(_number(value))
    base_yuan, ratio, cap_yuan, step = numbers
    return floor_yuan(min(base_yuan * ratio / WHOLE_BP, cap_yuan), step)


def floor_yuan(amount: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of ``step`` (> 0) not above ``amount``; never below zero."""
    return max(amount // step * step, Decimal(0))


def _number(value: Value) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"funding needs numbers, not {type(value).__name__}")
    return value
