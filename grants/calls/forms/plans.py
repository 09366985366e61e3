"""Forms of calls and of the calendar.

The form of a call is made from its definition: one field per parameter and stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from grants.calls.domain import (
    MAX_FUNDS,
    MAX_GRACE_MINUTES,
    MAX_STAGE_DAYS,
    CallPlan,
    FundPlan,
    timed_stages,
)
from grants.calls.errors import CallFaultsError
from grants.calls.presenters import SHORTFALLS
from grants.calls.states import Shortfall
from grants.kernel.clock import SHANGHAI, local_instant
from grants.kernel.money import to_yuan, yuan
from grants.programmes.domain import Definition, Parameter, ParameterKind
from grants.programmes.presenters import bounds_text
from grants.web.fields import (
    CodeField,
    DatePartsField,
    MoneyField,
    PercentField,
    RadioChoiceField,
    TimeField,
    WholeNumberField,
    YesNoField,
)
from grants.web.forms import StageForm

_REQUIRED = InputRequired(_l("请填写这一项。"))


class CallForm(StageForm):
    """What every call has; ``call_form`` adds what its definition asks for."""

    base = HiddenField()
    ref = CodeField(
        _l("批次编号"), [_REQUIRED], description=_l("专项代码、年度与两位序号，例如 SBC-2027-01。发布以后不能改。")
    )
    title = StringField(
        _l("批次名称"),
        [_REQUIRED, Length(max=160, message=_l("不超过 160 个字。"))],
        description=_l("公开页面的标题。"),
    )
    opens_on = DatePartsField(_l("开始受理的日期"), [_REQUIRED])
    opens_time = TimeField(_l("开始受理的时间"), [_REQUIRED], description=_l("上海时间，时和分。"))
    closes_on = DatePartsField(_l("截止日期"), [_REQUIRED], description=_l("这一天也是计算年限、月数的基准日。"))
    closes_time = TimeField(_l("截止时间"), [_REQUIRED], description=_l("到这一分钟整为止，以服务器时间为准。"))
    grace_minutes = WholeNumberField(
        _l("截止宽限"),
        [_REQUIRED],
        maximum=MAX_GRACE_MINUTES,
        unit=_l("分钟"),
        description=_l("只用于截止前已经开始提交、因故障没有完成的申报。"),
    )
    contact = TextAreaField(
        _l("受理单位与咨询方式"),
        [_REQUIRED, Length(max=1_000, message=_l("不超过 1000 字。"))],
        description=_l("单位、地址、电话、时间，每行一项；印在指南和公示上。"),
    )
    shortfall = RadioChoiceField(
        _l("资金不够支持下一个项目时"), [_REQUIRED], options={key.value: words for key, words in SHORTFALLS.items()}
    )

    parameter_kinds: ClassVar[dict[str, ParameterKind]] = {}
    stage_keys: ClassVar[tuple[str, ...]] = ()

    def parameter_fields(self) -> list[Field]:
        """The fields of the definition's parameters, in its order."""
        return [self[f"p_{key}"] for key in self.parameter_kinds]

    def stage_fields(self) -> list[Field]:
        """The fields of the stages' days, in the order of the process."""
        return [self[f"d_{key}"] for key in self.stage_keys]

    def fund_rows(self) -> list[dict[str, Any]]:
        """Rows for the macro ``grid_table``."""
        parts = ("code", "title", "ceiling")
        return [
            {"label": _("资金 %(n)s", n=n), "fields": [self[f"f_{n}_{part}"] for part in parts]}
            for n in range(1, MAX_FUNDS + 1)
        ]

    def plan(self) -> CallPlan:
        """The plan as typed; the form must have been validated."""
        given: dict[str, Any] = self.data
        return CallPlan(
            ref=given["ref"],
            title=given["title"],
            opens_at=_instant(given["opens_on"], given["opens_time"]),
            closes_at=_instant(given["closes_on"], given["closes_time"]),
            funds=tuple(fund for n in range(1, MAX_FUNDS + 1) if (fund := _fund(given, n)) is not None),
            parameters={key: _typed(kind, given[f"p_{key}"]) for key, kind in self.parameter_kinds.items()},
            shortfall=Shortfall(given["shortfall"]),
            grace_minutes=given["grace_minutes"],
            stage_days={key: given[f"d_{key}"] for key in self.stage_keys},
            contact=given["contact"],
        )

    def show_faults(self, error: CallFaultsError) -> None:
        """Put every fault of a plan beside its field."""
        for fault in error.faults:
            field = self[_field_name(fault.path)]
            field.errors = [*field.errors, fault.message]


def call_form(definition: Definition) -> type[CallForm]:
    """The form class for calls on one definition; parameters carry its labels, helps and bounds."""
    fields: dict[str, Any] = {f"p_{parameter.key}": _parameter_field(parameter) for parameter in definition.parameters}
    for stage in timed_stages(definition):
        fields[f"d_{stage.key}"] = WholeNumberField(
            stage.label, [_REQUIRED], minimum=1, maximum=MAX_STAGE_DAYS, unit=_l("个工作日"), description=stage.note
        )
    for number in range(1, MAX_FUNDS + 1):
        fields[f"f_{number}_code"] = StringField(_l("代码"))
        fields[f"f_{number}_title"] = StringField(_l("名称"))
        fields[f"f_{number}_ceiling"] = MoneyField(_l("限额"), unit="wan_yuan")
    kinds = {parameter.key: parameter.kind for parameter in definition.parameters}
    keys = tuple(stage.key for stage in timed_stages(definition))
    return type("DefinedCallForm", (CallForm,), {**fields, "parameter_kinds": kinds, "stage_keys": keys})


def form_values(plan: CallPlan, kinds: dict[str, ParameterKind], *, base: str = "") -> dict[str, Any]:
    """A stored plan as the fields show it."""
    opens, closes = plan.opens_at.astimezone(SHANGHAI), plan.closes_at.astimezone(SHANGHAI)
    values: dict[str, Any] = {
        "base": base,
        "ref": plan.ref,
        "title": plan.title,
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "closes_on": closes.date(),
        "closes_time": closes.time(),
        "grace_minutes": plan.grace_minutes,
        "contact": plan.contact,
        "shortfall": plan.shortfall.value,
    }
    values |= {f"p_{key}": _shown(kinds[key], value) for key, value in plan.parameters.items()}
    values |= {f"d_{key}": days for key, days in plan.stage_days.items()}
    for number, fund in enumerate(plan.funds, start=1):
        values |= {
            f"f_{number}_code": fund.code,
            f"f_{number}_title": fund.title,
            f"f_{number}_ceiling": fund.ceiling_fen,
        }
    return values


def first_values(definition: Definition, *, ref: str) -> dict[str, Any]:
    """What an empty form starts with: the definition's defaults."""
    kinds = {parameter.key: parameter.kind for parameter in definition.parameters}
    values: dict[str, Any] = {
        "ref": ref,
        "title": definition.title,
        "opens_time": time(9, 0),
        "closes_time": time(17, 0),
        "grace_minutes": 0,
        "shortfall": Shortfall.CUT_LAST.value,
    }
    defaults = {p.key: p.default for p in definition.parameters if p.default is not None}
    values |= {f"p_{key}": _shown(kinds[key], value) for key, value in defaults.items()}
    return values | {f"d_{stage.key}": stage.days for stage in timed_stages(definition)}


class AnnounceForm(StageForm):
    """Confirms exactly the plan that was shown."""

    base = HiddenField()


class WithdrawForm(StageForm):
    reason = TextAreaField(_l("撤回原因"), [_REQUIRED, Length(max=500, message=_l("不超过 500 字。"))])


class WorkingDayForm(StageForm):
    """One day of the calendar."""

    day = DatePartsField(_l("日期"), [_REQUIRED])
    is_working = YesNoField(_l("这一天"), [_REQUIRED], yes=_l("上班"), no=_l("放假"))
    note = StringField(_l("说明"), [Length(max=80, message=_l("不超过 80 字。"))], description=_l("例如：国庆节调休。"))


class YearForm(StageForm):
    """A year to add to the calendar."""

    year = WholeNumberField(_l("年份"), [_REQUIRED], minimum=2024, maximum=2099)


class SettleForm(StageForm):
    """Whether a year's arrangement is provisional."""

    provisional = HiddenField()


def _parameter_field(parameter: Parameter) -> Field:
    about = str(_l("，")).join(text for text in (parameter.help.rstrip("。"), bounds_text(parameter)) if text)
    kwargs: dict[str, Any] = {"description": about}
    if parameter.kind is ParameterKind.MONEY:
        return MoneyField(parameter.label, [_REQUIRED], unit="wan_yuan", **kwargs)
    if parameter.kind is ParameterKind.BASIS_POINTS:
        return PercentField(parameter.label, [_REQUIRED], **kwargs)
    if parameter.kind is ParameterKind.DATE:
        return DatePartsField(parameter.label, [_REQUIRED], **kwargs)
    return WholeNumberField(parameter.label, [_REQUIRED], unit=parameter.unit, **kwargs)


def _fund(given: Mapping[str, Any], number: int) -> FundPlan | None:
    """One row of the funds as typed; None where it was left empty."""
    code, title, ceiling = (given[f"f_{number}_{part}"] for part in ("code", "title", "ceiling"))
    if not code and not title and ceiling is None:
        return None
    return FundPlan((code or "").strip().lower(), (title or "").strip(), ceiling or 0)


def _instant(day: date, clock: time) -> datetime:
    return local_instant(day, clock.hour, clock.minute)


def _typed(kind: ParameterKind, entered: Any) -> Any:
    """What the field holds, as the definition counts: yuan, basis points, whole numbers, dates."""
    if kind is ParameterKind.MONEY:
        return to_yuan(entered)
    return entered * 100 if kind is ParameterKind.BASIS_POINTS else entered


def _shown(kind: ParameterKind, value: Any) -> Any:
    """A parameter, typed or as text, as its field shows it."""
    if kind is ParameterKind.DATE:
        return date.fromisoformat(value) if isinstance(value, str) else value
    number = Decimal(value)
    if kind is ParameterKind.MONEY:
        return yuan(number)
    return number / 100 if kind is ParameterKind.BASIS_POINTS else int(number)


def _field_name(path: str) -> str:
    head, _dot, key = path.partition(".")
    if head == "funds":
        return f"f_{min(int(key), MAX_FUNDS)}_code"
    return {"parameters": f"p_{key}", "stage_days": f"d_{key}", "closes_at": "closes_on"}.get(head, head)
