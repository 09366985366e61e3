"""Words of a version: kinds, severities, and a definition shown where no call has given it figures yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.kernel.clock import local_instant
from grants.kernel.money import YUAN_PER_WAN
from grants.kernel.rules import Cause, Expression, Unknown, Value, format_value
from grants.programmes.domain import (
    Basis,
    CallFacts,
    Case,
    CaseView,
    Definition,
    FieldKind,
    Parameter,
    ParameterKind,
    Rule,
    RuleStage,
    Severity,
    Track,
    default_parameters,
)
from grants.programmes.errors import DefinitionFault

SEVERITIES: dict[Severity, tuple[str, object]] = {
    Severity.REJECT: ("law", _l("不符合的不予受理")),
    Severity.RETURN: ("act", _l("不符合的退回补正")),
    Severity.MANUAL: ("run", _l("由经办人员核查")),
    Severity.WARN: ("end", _l("仅作提示")),
    Severity.BLOCK: ("law", _l("不符合的不予拨付")),
}

STAGES: dict[RuleStage, object] = {
    RuleStage.SUBMIT: _l("提交时"),
    RuleStage.DISTRICT: _l("区级初审时"),
    RuleStage.CITY: _l("市级审查时"),
    RuleStage.PAYMENT: _l("拨付前"),
}

KINDS: dict[FieldKind, object] = {
    FieldKind.TEXT: _l("文字"),
    FieldKind.LONG_TEXT: _l("长文字"),
    FieldKind.INTEGER: _l("整数"),
    FieldKind.DECIMAL: _l("小数"),
    FieldKind.MONEY: _l("金额"),
    FieldKind.PERCENT: _l("百分比"),
    FieldKind.DATE: _l("日期"),
    FieldKind.YES_NO: _l("是否"),
    FieldKind.CHOICE: _l("单选"),
    FieldKind.CHOICES: _l("多选"),
    FieldKind.LIST: _l("多条文字"),
    FieldKind.USCC: _l("信用代码"),
    FieldKind.CODE: _l("代码"),
    FieldKind.PHONE: _l("电话"),
    FieldKind.EMAIL: _l("邮箱"),
    FieldKind.DISTRICT: _l("所在区"),
    FieldKind.TABLE: _l("表格"),
    FieldKind.COMPUTED: _l("自动计算"),
    FieldKind.UNDERTAKING: _l("承诺"),
}

YUAN_PER_HUNDRED = 100  # the last digit that 万元 with two decimals shows
ANY_DAY = date(2000, 1, 1)  # never shown: the names that would read it are unknown to an open case


class OpenCase(CaseView):
    """The names of a definition before any call: parameters at their defaults, nothing known of call or applicant."""

    def __init__(self, definition: Definition) -> None:
        instant = local_instant(ANY_DAY)
        facts = CallFacts("", ANY_DAY.year, ANY_DAY, instant, instant, (), default_parameters(definition))
        super().__init__(definition, Case(definition.code, facts, None, {}, {}))

    def __missing__(self, name: str) -> Value:
        return Unknown(Cause.NOT_YET) if name.startswith("call.") else super().__missing__(name)


def open_sentence(rule: Rule, names: CaseView) -> str:
    """The condition in words with the definition's defaults; what only a call fixes reads （由批次确定）."""
    text = rule.sentence.render(names)
    for open_yet in (Cause.NOT_YET, Cause.ANSWER):  # a fact of the call; a parameter without a default
        text = text.replace(format_value(Unknown(open_yet)), str(_("（由批次确定）")))
    return text


def parameter_text(parameter: Parameter, value: Any) -> str:
    """A typed parameter with its unit: ``500,000 元``, ``30%``, ``2026年3月2日``, ``24 个月``."""
    if value is None:
        return ""
    if isinstance(value, Decimal) and parameter.kind is ParameterKind.BASIS_POINTS:
        return f"{format_value(value / 100)}%"
    if isinstance(value, Decimal) and parameter.kind is ParameterKind.MONEY:
        return yuan_words(value)
    return f"{format_value(value)} {parameter.unit}".rstrip()


def bounds_text(parameter: Parameter) -> str:
    """``100,000 元 至 5,000,000 元``; empty without bounds."""
    low, high = parameter.minimum, parameter.maximum
    if low is None and high is None:
        return ""
    if high is None:
        return str(_("不小于 %(low)s", low=parameter_text(parameter, low)))
    if low is None:
        return str(_("不大于 %(high)s", high=parameter_text(parameter, high)))
    return str(_("%(low)s 至 %(high)s", low=parameter_text(parameter, low), high=parameter_text(parameter, high)))


def number_text(expression: Expression, names: CaseView) -> str:
    """The value of a number expression in words; empty where it depends on the application."""
    value = expression.evaluate(names)
    return "" if isinstance(value, Unknown) else format_value(value)


def yuan_words(yuan: Decimal) -> str:
    """An exact amount in yuan, in 万元 where that loses nothing: ``400 万元``, ``1,234,567 元``."""
    if yuan and yuan % YUAN_PER_HUNDRED == 0:
        return str(_("%(amount)s 万元", amount=format_value(yuan / YUAN_PER_WAN)))
    return str(_("%(amount)s 元", amount=format_value(yuan)))


def basis_text(basis: Basis) -> str:
    """A regulation with its number and the days between which it is in force, as far as the definition tells them:
    ``《上海市社会信用条例》（示例文号），2017年10月1日起施行，有效期至2027年9月30日``."""
    parts = [f"《{basis.title}》" + (f"（{basis.number}）" if basis.number else "")]
    if basis.in_force_from is not None:
        parts.append(str(_("%(day)s起施行", day=format_value(basis.in_force_from))))
    if basis.in_force_to is not None:
        parts.append(str(_("有效期至%(day)s", day=format_value(basis.in_force_to))))
    return str(_("，")).join(parts)


def track_sentence(definition: Definition, track: Track, names: CaseView) -> str:
    """How much a track grants: ``按……的 30% 核定，最高 400 万元``."""
    ratio, cap = track.ratio_bp.evaluate(names), track.cap.evaluate(names)
    percent = format_value(ratio / 100) if isinstance(ratio, Decimal) else "—"
    ceiling = yuan_words(cap) if isinstance(cap, Decimal) else str(_("按规则确定的金额"))
    return str(
        _(
            "按%(base)s的 %(percent)s%% 核定，最高 %(ceiling)s",
            base=definition.funding.base_label,
            percent=percent,
            ceiling=ceiling,
        )
    )


def fault_record(fault: DefinitionFault) -> dict[str, object]:
    """A fault as a JSON record."""
    return {"path": fault.path, "line": fault.line, "column": fault.column, "message": fault.message}


def rules_by_severity(definition: Definition, *severities: Severity) -> Sequence[Rule]:
    """The rules of these severities in the order of the definition."""
    return [rule for rule in definition.rules if rule.severity in severities]
