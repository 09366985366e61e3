"""Parameters of a call: defaults, bounds, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from grants.kernel.rules import format_value
from grants.programmes.domain.case import ParameterValue
from grants.programmes.domain.kinds import ParameterKind
from grants.programmes.domain.model import Definition, Parameter
from grants.programmes.domain.scalars import to_date, to_decimal
from grants.programmes.errors import InputFault, ParameterFaultsError


def default_parameters(definition: Definition) -> dict[str, ParameterValue]:
    """The defaults, typed (money in yuan); parameters without one, dates mostly, are left out."""
    return {parameter.key: parameter.default for parameter in definition.parameters if parameter.default is not None}


def check_parameters(definition: Definition, given: Mapping[str, Any]) -> dict[str, ParameterValue]:
    """Every parameter of a call, typed, defaults filled in. ``given`` may hold texts, numbers, dates or typed values.

    Raises:
        ParameterFaultsError: with every parameter that is missing, of the wrong kind, unknown or out of its bounds.
    """
    found, faults = read_parameters(definition, given)
    complete = {**default_parameters(definition), **found}
    faulty = {fault.path for fault in faults}
    for parameter in definition.parameters:
        value = complete.get(parameter.key)
        if parameter.key in faulty:
            continue
        message = "请填写" if value is None else _out_of_bounds(parameter, value)
        if message:
            faults.append(InputFault(parameter.key, f"{parameter.label}：{message}"))
    if faults:
        raise ParameterFaultsError(faults)
    return {parameter.key: complete[parameter.key] for parameter in definition.parameters}


def parameters_to_json(values: Mapping[str, ParameterValue]) -> dict[str, str]:
    """Typed parameters as texts: what a call stores and a case carries. ``check_parameters`` reads them back."""
    return {key: f"{value:f}" if isinstance(value, Decimal) else value.isoformat() for key, value in values.items()}


def read_parameters(
    definition: Definition, given: Mapping[str, Any]
) -> tuple[dict[str, ParameterValue], list[InputFault]]:
    """What of ``given`` can be read, typed, and what cannot; bounds are not looked at."""
    known = {parameter.key: parameter for parameter in definition.parameters}
    found: dict[str, ParameterValue] = {}
    faults: list[InputFault] = []
    for key, raw in given.items():
        parameter = known.get(key)
        if parameter is None:
            faults.append(InputFault(key, "定义中没有此参数"))
            continue
        if raw is None or raw == "":
            continue
        value = _typed(parameter.kind, raw)
        if value is None:
            wanted = "日期（如 2026-03-02）" if parameter.kind is ParameterKind.DATE else "数字"
            faults.append(InputFault(key, f"{parameter.label}：应为{wanted}"))
        else:
            found[key] = value
    return found, faults


def _typed(kind: ParameterKind, raw: Any) -> ParameterValue | None:
    if kind is ParameterKind.DATE:
        return raw if type(raw) is date else to_date(raw) if isinstance(raw, str) else None
    number = to_decimal(str(raw)) if isinstance(raw, str | int | Decimal) and not isinstance(raw, bool) else None
    if number is None:
        return None
    scale = 2 if kind is ParameterKind.MONEY else 0
    return number if number == round(number, scale) else None


def _out_of_bounds(parameter: Parameter, value: ParameterValue) -> str:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and _less(value, low):
        return f"不得小于 {format_value(low)}"
    if high is not None and _less(high, value):
        return f"不得大于 {format_value(high)}"
    return ""


def _less(left: ParameterValue, right: ParameterValue) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left < right
    return isinstance(left, date) and isinstance(right, date) and left < right
