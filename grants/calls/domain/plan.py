"""The plan of one round: everything an administrator decides, checked as a whole before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from grants.calls.errors import CallFaultsError
from grants.calls.states import Shortfall
from grants.programmes.domain import Definition, Stage, StageKey, check_parameters, parameters_to_json
from grants.programmes.errors import InputFault, ParameterFaultsError

MAX_FUNDS = 4
MAX_STAGE_DAYS = 250
MAX_GRACE_MINUTES = 120
_REF = re.compile(r"(?P<code>[A-Z][A-Z0-9-]*)-(?P<year>20\d\d)-(?P<number>\d{2})")
_FUND_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")


@dataclass(frozen=True, slots=True)
class FundPlan:
    """A fund that the call draws on; ``ceiling_fen`` > 0."""

    code: str
    title: str
    ceiling_fen: int


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One round before it is stored; ``ref`` such as ``SBC-2027-01``.

    ``parameters`` as ``programmes.domain.check_parameters`` takes them; ``stage_days`` are working days per stage.
    """

    ref: str
    title: str
    opens_at: datetime
    closes_at: datetime
    funds: tuple[FundPlan, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    shortfall: Shortfall = Shortfall.CUT_LAST
    grace_minutes: int = 0
    stage_days: Mapping[str, int] = field(default_factory=dict)
    contact: str = ""


def timed_stages(definition: Definition) -> tuple[Stage, ...]:
    """The stages after the close that take a number of working days, which a call may set."""
    return tuple(
        stage
        for stage in definition.stages
        if stage.enabled and stage.days and not stage.calendar and stage.key != StageKey.FILLING
    )


def ref_year(ref: str) -> int:
    """The year in a reference: ``SBC-2027-01`` is of 2027. Raises ValueError where it is not a reference."""
    found = _REF.fullmatch(ref)
    if found is None:
        raise ValueError(ref)
    return int(found["year"])


def first_free_ref(code: str, year: int, taken: Collection[str]) -> str:
    """The reference after the highest one taken: of programme ``sbc`` in 2027 ``SBC-2027-01``, then ``-02``."""
    prefix = f"{code.upper()}-{year}-"
    numbers = [int(ref.removeprefix(prefix)) for ref in taken if ref.startswith(prefix) and _REF.fullmatch(ref)]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"


def complete_plan(definition: Definition, plan: CallPlan) -> CallPlan:
    """The plan with the definition's days and parameters filled in, its parameters as texts.

    Raises:
        CallFaultsError: with every fault of the plan; paths are the plan's names, ``parameters.<key>``,
            ``stage_days.<key>`` and ``funds.<number from 1>``.
    """
    faults = [*_head_faults(definition, plan), *_fund_faults(plan.funds), *_day_faults(definition, plan.stage_days)]
    typed = {}
    try:
        typed = check_parameters(definition, plan.parameters)
    except ParameterFaultsError as error:
        faults += [InputFault(f"parameters.{fault.path}", fault.message) for fault in error.faults]
    if faults:
        raise CallFaultsError(faults)
    usual = {stage.key: stage.days or 0 for stage in timed_stages(definition)}
    return replace(
        plan,
        title=plan.title.strip(),
        opens_at=plan.opens_at.astimezone(UTC),
        closes_at=plan.closes_at.astimezone(UTC),
        contact=plan.contact.strip(),
        parameters=parameters_to_json(typed),
        stage_days={**usual, **plan.stage_days},
    )


def _head_faults(definition: Definition, plan: CallPlan) -> Iterator[InputFault]:
    checks: tuple[tuple[str, bool, str], ...] = (
        ("ref", _fits(definition, plan.ref), f"编号应形如 {definition.code.upper()}-{plan.opens_at.year}-01。"),
        ("title", 4 <= len(plan.title.strip()) <= 160, "名称应为 4 至 160 个字。"),
        ("closes_at", plan.opens_at < plan.closes_at, "截止时间应晚于开始受理的时间。"),
        ("grace_minutes", 0 <= plan.grace_minutes <= MAX_GRACE_MINUTES, f"宽限应为 0 至 {MAX_GRACE_MINUTES} 分钟。"),
        ("contact", 0 < len(plan.contact.strip()) <= 1_000, "请填写受理单位、地址与电话，不超过 1000 字。"),
    )
    return (InputFault(path, message) for path, holds, message in checks if not holds)


def _fits(definition: Definition, ref: str) -> bool:
    found = _REF.fullmatch(ref)
    return found is not None and found["code"] == definition.code.upper() and len(ref) <= 32


def _fund_faults(funds: tuple[FundPlan, ...]) -> Iterator[InputFault]:
    if not 1 <= len(funds) <= MAX_FUNDS:
        yield InputFault("funds.1", f"请填写 1 至 {MAX_FUNDS} 项资金来源。")
    seen: set[str] = set()
    for number, fund in enumerate(funds, start=1):
        for holds, message in _fund_checks(fund, seen):
            if not holds:
                yield InputFault(f"funds.{number}", f"第 {number} 项资金：{message}")
        seen.add(fund.code)


def _fund_checks(fund: FundPlan, seen: set[str]) -> tuple[tuple[bool, str], ...]:
    fits: Callable[[str], object] = _FUND_CODE.fullmatch
    return (
        (bool(fits(fund.code)), "代码应为 2 至 32 位小写字母、数字或连字符。"),
        (fund.code not in seen, "代码与前面的重复。"),
        (0 < len(fund.title) <= 120, "请填写名称，不超过 120 个字。"),
        (fund.ceiling_fen > 0, "限额应大于 0。"),
    )


def _day_faults(definition: Definition, days: Mapping[str, int]) -> Iterator[InputFault]:
    known = {stage.key for stage in timed_stages(definition)}
    for key, number in days.items():
        if key not in known:
            yield InputFault(f"stage_days.{key}", "这个专项没有按工作日计的这一环节。")
        elif not 1 <= number <= MAX_STAGE_DAYS:
            yield InputFault(f"stage_days.{key}", f"应为 1 至 {MAX_STAGE_DAYS} 个工作日。")
