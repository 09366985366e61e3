"""What the rules of a definition say of one case."""

from __future__ import annotations

from collections.abc import Collection

from grants.kernel.rules import Cause, EvaluationLimitError, Read, Table, Template, Unknown, Value
from grants.programmes.domain.answers import to_json_value
from grants.programmes.domain.case import CallFacts, Case, EvidenceUsed, Finding
from grants.programmes.domain.checks import CheckResult, run_check
from grants.programmes.domain.kinds import FindingVerdict, RuleStage
from grants.programmes.domain.labels import describe_name
from grants.programmes.domain.model import Definition, Rule
from grants.programmes.domain.names import DETAIL, EVIDENCE
from grants.programmes.domain.view import CaseView, RowView

NOT_DUE = "not_due"
MAX_READS = 200

_PASSED = "符合。"
_NOT_APPLICABLE = "不适用于本申报。"
_WAITING = "尚未到判断时间，将在后续环节判断。"


def evaluate(definition: Definition, case: Case, *, stages: Collection[RuleStage]) -> tuple[Finding, ...]:
    """One finding per rule, always, in the definition's order; rules of other stages come back not due.

    Pure and total: a missing answer, an unreachable register or an expression that takes too long makes a finding
    ``unknown`` with its cause, never a failure and never an exception.
    """
    view = CaseView(definition, case)
    return tuple(_judge(view, rule) if rule.at in stages else _not_due(definition, rule) for rule in definition.rules)


def condition_sentence(definition: Definition, rule: Rule, call: CallFacts) -> str:
    """The condition in words, with the figures of this call."""
    blank = Case(definition.code, call, None, {}, {})
    return rule.sentence.render(CaseView(definition, blank))


def _judge(view: CaseView, rule: Rule) -> Finding:
    try:
        result = result_of(view, rule)
    except EvaluationLimitError:
        result = CheckResult(Unknown(Cause.UNDEFINED), "计算量超过上限")
    verdict, cause = _verdict(result.value)
    return Finding(
        rule=rule.key,
        title=rule.title,
        verdict=verdict,
        cause=cause,
        severity=rule.severity,
        clause=view.definition.clause_text(rule),
        message=_message(view, rule, result, verdict, cause),
        remedy=_remedy(view, rule, result, verdict, cause),
        read=_reads(result.read),
        evidence=_evidence_used(view.case, rule),
    )


def _not_due(definition: Definition, rule: Rule) -> Finding:
    return Finding(
        rule=rule.key,
        title=rule.title,
        verdict=FindingVerdict.UNKNOWN,
        cause=NOT_DUE,
        severity=rule.severity,
        clause=definition.clause_text(rule),
        message=_WAITING,
        remedy="",
        read=(),
        evidence=(),
        due=False,
    )


def result_of(view: CaseView, rule: Rule) -> CheckResult:
    """The rule's value over these names: hidden where ``when`` is false, unknown where ``when`` is.

    Raises:
        EvaluationLimitError: it takes too many rows or steps.
    """
    read: tuple[Read, ...] = ()
    if rule.when is not None:
        applies, read = rule.when.trace(view)
        if isinstance(applies, Unknown):
            return CheckResult(applies, read=read)
        if applies is not True:
            return CheckResult(Unknown(Cause.HIDDEN), read=read)
    if rule.check is not None:
        result = run_check(rule.check, view)
        return CheckResult(result.value, result.detail, (*read, *result.read))
    if rule.require is None:
        raise ValueError(f"{rule.key} has neither require nor check")
    value, more = rule.require.trace(view)
    return CheckResult(_truth(value), read=(*read, *more))


def _truth(value: Value) -> bool | Unknown:
    return value if isinstance(value, Unknown) else value is True


def _verdict(value: bool | Unknown) -> tuple[FindingVerdict, str | None]:
    if isinstance(value, Unknown):
        hidden = value.cause is Cause.HIDDEN
        return (FindingVerdict.NOT_APPLICABLE, None) if hidden else (FindingVerdict.UNKNOWN, value.cause.value)
    return (FindingVerdict.PASS if value else FindingVerdict.FAIL), None


def _message(view: CaseView, rule: Rule, result: CheckResult, verdict: FindingVerdict, cause: str | None) -> str:
    if verdict is FindingVerdict.PASS:
        return _PASSED
    if verdict is FindingVerdict.NOT_APPLICABLE:
        return _NOT_APPLICABLE
    if verdict is FindingVerdict.UNKNOWN:
        return _unknown_message(view, result, cause)
    return _rendered(view, rule.message, result)


def _remedy(view: CaseView, rule: Rule, result: CheckResult, verdict: FindingVerdict, cause: str | None) -> str:
    """The rule's own remedy is for a failure; what is unknown asks for what is missing, or for patience."""
    if verdict is FindingVerdict.FAIL:
        return _rendered(view, rule.remedy, result)
    return _UNKNOWN_REMEDIES.get(cause or "", "") if verdict is FindingVerdict.UNKNOWN else ""


def _rendered(view: CaseView, template: Template, result: CheckResult) -> str:
    names = RowView(view, {DETAIL: result.detail})
    try:
        return template.render(names)
    except EvaluationLimitError:
        return template.text


def _unknown_message(view: CaseView, result: CheckResult, cause: str | None) -> str:
    labels = [describe_name(view.definition, name, view) for name, value in result.read if cause in _causes(value)]
    what = "、".join(dict.fromkeys(labels[:5])) or result.detail
    sentence = _UNKNOWN_SENTENCES.get(cause or "", "数据不足，暂时无法判断")
    return f"{sentence}：{what}。" if what else f"{sentence}。"


def _causes(value: Value) -> set[str]:
    """Why a value is not known; of a table why some of its rows may not belong."""
    unknowns = value.maybe.values() if isinstance(value, Table) else (value,)
    return {unknown.cause.value for unknown in unknowns if isinstance(unknown, Unknown)}


_UNKNOWN_SENTENCES = {
    Cause.ANSWER.value: "缺少填报内容，暂时无法判断",
    Cause.DOCUMENT.value: "缺少材料，暂时无法判断",
    Cause.EVIDENCE.value: "登记信息暂未取得，将再次读取或由经办人核查",
    Cause.NOT_YET.value: "尚待后续环节的结果",
    Cause.UNDEFINED.value: "按所填内容无法计算",
}


_UNKNOWN_REMEDIES = {
    Cause.ANSWER.value: "补充填报内容后重新提交。",
    Cause.DOCUMENT.value: "补传材料后重新提交。",
    Cause.EVIDENCE.value: "无须申报单位处理。",
    Cause.NOT_YET.value: "无须处理，待后续环节判断。",
    Cause.UNDEFINED.value: "请核对所填内容。",
}


def _reads(read: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _as_text(value)) for name, value in read[:MAX_READS])


def _as_text(value: Value) -> str:
    if isinstance(value, Unknown):
        return ""
    if isinstance(value, Table):
        return f"{len(value.rows)} 行"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "、".join(value)
    return str(to_json_value(value))


def _evidence_used(case: Case, rule: Rule) -> tuple[EvidenceUsed, ...]:
    used = []
    for root in sorted(rule.evidence):
        found = case.evidence.get(root)
        if found is None:
            used.append(EvidenceUsed(root, EVIDENCE[root].label, "", None))
        else:
            used.append(EvidenceUsed(root, found.source, found.asof, found.record, found.ref))
    return tuple(used)
