"""The amount of a case with its working, in integer fen."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from grants.kernel.money import FEN_PER_YUAN, yuan_text
from grants.kernel.rules import Unknown, Value
from grants.programmes.domain.case import Case, FundingWorking
from grants.programmes.domain.entitlement import Entitlement, entitled, floor_yuan
from grants.programmes.domain.limits import value_of
from grants.programmes.domain.model import Definition
from grants.programmes.domain.view import CaseView

_UNKNOWN = "尚不能计算"


def funding_amount(definition: Definition, case: Case) -> FundingWorking:
    """What the case is entitled to, what was asked for and what results.

    entitled = floor(min(base x ratio, cap), rounding); computed = min(entitled, floor(requested, rounding)), and
    nothing where that is below the minimum. Exact decimals in yuan inside, integer fen outside, parts of a fen cut off.
    ``None`` wherever something needed is unknown. Source: domain.md sections 2 and 3, funding.
    """
    view = CaseView(definition, case)
    right = entitled(definition, view)
    requested, minimum = value_of(definition.funding.requested, view), value_of(definition.funding.minimum, view)
    computed = _computed(right, requested, minimum)
    return FundingWorking(
        base_fen=_fen(right.base),
        ratio_bp=int(right.ratio_bp) if isinstance(right.ratio_bp, Decimal) else None,
        cap_fen=_fen(right.cap),
        entitled_fen=_fen(right.amount),
        requested_fen=_fen(requested),
        computed_fen=_fen(computed),
        minimum_fen=_fen(minimum),
        track=right.track.key if right.track else None,
        steps=_steps(definition, right, requested, minimum, computed),
    )


def _computed(right: Entitlement, requested: Value, minimum: Value) -> Value:
    for value in (right.amount, requested, minimum):
        if isinstance(value, Unknown):
            return value
    step = right.rounding
    if not (
        isinstance(right.amount, Decimal)
        and isinstance(requested, Decimal)
        and isinstance(minimum, Decimal)
        and isinstance(step, Decimal)
    ):
        raise TypeError("funding needs numbers")
    computed = min(right.amount, floor_yuan(requested, step))
    return computed if computed >= minimum else Decimal(0)


def _steps(
    definition: Definition, right: Entitlement, requested: Value, minimum: Value, computed: Value
) -> tuple[tuple[str, str], ...]:
    track = [("支持类别", right.track.label)] if right.track and len(definition.funding.tracks) > 1 else []
    below = computed == 0 and isinstance(minimum, Decimal)
    return (
        *track,
        (definition.funding.base_label, _yuan(right.base)),
        ("支持比例", _percent(right.ratio_bp)),
        ("支持上限", _yuan(right.cap)),
        (f"按规则可支持金额（不超过上限，按 {_yuan(right.rounding)}向下取整）", _yuan(right.amount)),
        ("申请金额", _yuan(requested)),
        ("最低支持金额", _yuan(minimum)),
        ("核算金额", f"0 元（低于最低支持金额 {_yuan(minimum)}，不予支持）" if below else _yuan(computed)),
    )


def _fen(value: Value) -> int | None:
    if not isinstance(value, Decimal):
        return None
    return int((value * FEN_PER_YUAN).to_integral_value(ROUND_DOWN))


def _yuan(value: Value) -> str:
    fen = _fen(value)
    return _UNKNOWN if fen is None else f"{yuan_text(fen)} 元"


def _percent(value: Value) -> str:
    return f"{(value / 100).normalize():f}%" if isinstance(value, Decimal) else _UNKNOWN
