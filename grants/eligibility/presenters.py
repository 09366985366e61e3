"""Words of the formal check: reasons, and labels of proposals, outcomes and kinds of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.models import Application
from grants.eligibility.domain import CorrectionItem, Standing, correction_items
from grants.eligibility.states import Outcome, Proposal, RunKind
from grants.programmes.domain import (
    CaseView,
    Definition,
    FieldKind,
    Phase,
    case_from_json,
    describe_name,
    required_documents,
)
from grants.programmes.queries import definition_of

REASONS: dict[str, object] = {
    "evidence_changed": _l("核验所依据的记录刚刚有变化，系统会重新核验。"),
    "check_unfinished": _l("自动核验未能完成，经办人会处理，您不需要重新提交。"),
    "decision_reason_missing": _l("请写明理由。"),
    "decision_items_missing": _l("请至少选择或填写一项需要补正的内容。"),
    "decision_rule_missing": _l("请选择据以不予受理的条款。"),
    "opinion_missing": _l("不推荐的，请写明意见。"),
    "correction_used": _l("补正只有一次，这份申报已经退回补正过。"),
    "no_ground_to_reject": _l("没有核验为不符合的条款，不能不予受理；暂不能判断的事项不作为不予受理的依据。"),
    "check_outstanding": _l("还有到期的核验没有完成，完成后才能作出决定。"),
    "with_district": _l("申报正在区主管部门初审，初审结束或期满后由市级审查。"),
    "not_with_district": _l("申报不在区级初审环节。"),
    "not_your_district": _l("这份申报不属于您所在的区。"),
    "no_district_stage": _l("这个专项没有区级初审。"),
    "not_checked": _l("申报当前不在形式审查环节。"),
    "nothing_to_recheck": _l("核验已经完成，没有需要重新取得的登记信息。"),
}

PROPOSALS: dict[Proposal, object] = {
    Proposal.ACCEPT: _l("未发现问题"),
    Proposal.LOOK: _l("需人工判断"),
    Proposal.RETURN: _l("拟退回补正"),
    Proposal.REJECT: _l("拟不予受理"),
}
OUTCOMES: dict[Outcome, object] = {
    Outcome.ACCEPT: _l("受理"),
    Outcome.RETURN: _l("退回补正"),
    Outcome.REJECT: _l("不予受理"),
}
RUNS: dict[RunKind, object] = {
    RunKind.SUBMIT: _l("提交核验"),
    RunKind.CITY: _l("市级环节核验"),
    RunKind.AFTER_CLOSE: _l("截止后复核"),
}


def correction_choices(
    application: Application, standing: Standing, case: Mapping[str, Any]
) -> list[tuple[CorrectionItem, str]]:
    """What the findings ask to be put right, each with its label: place, rules, what is wrong."""
    definition = definition_of(application.call.definition)
    typed = case_from_json(definition, case)
    attached = {(document.key, document.row) for document in typed.documents}
    missing = [place for place in required_documents(definition, typed) if place not in attached]
    wanting = [*missing, *(place for place in _unsound(definition, standing.findings) if place not in missing)]
    view = CaseView(definition, typed)
    return [
        (item, f"{_place_words(definition, view, item)}：{item.reason}（{'、'.join(item.rules)}）")
        for item in correction_items(definition, standing.findings, wanting)
    ]


def _unsound(definition: Definition, findings: Iterable[Any]) -> list[tuple[str, str | None]]:
    """Documents that a check could not open, or that have too many pages."""
    rows = (
        row for finding in findings for used in finding.evidence if used["root"] == "files" for row in used["record"]
    )
    limits = {slot.key: slot.max_pages for slot in definition.documents}
    return list(
        dict.fromkeys(
            (row["document"], row["row"])
            for row in rows
            if row["sound"] is False or int(row["pages"] or 0) > (limits[row["document"]] or int(row["pages"] or 0))
        )
    )


def _place_words(definition: Definition, view: CaseView, item: CorrectionItem) -> str:
    if item.document is not None:
        slot = definition.document(item.document)
        if item.row is None:
            return _("材料“%(label)s”", label=slot.label)
        return describe_name(
            definition, f"{slot.rows_of}[{item.row}].documents.{item.document}", _seen(view, slot.rows_of)
        )
    table, _dot, column = (item.path or "").partition(".")
    if item.row is None:
        return describe_name(definition, item.path or "", view)
    return describe_name(definition, f"{table}[{item.row}].{column}", _seen(view, table))


def _seen(view: CaseView, table: str) -> CaseView:
    """The view once it has worked the table out, so that a row's number can be told."""
    view[table]
    return view


def places(application: Application) -> list[tuple[str, str]]:
    """Everything an officer may ask to have put right: fields and whole tables by section, then documents."""
    definition = definition_of(application.call.definition)
    fields = [
        (f"{field.path}||", f"{section.title} · {field.label}")
        for section in definition.sections
        for field in section.fields
        if field.phase is Phase.APPLICATION and field.kind is not FieldKind.COMPUTED
    ]
    papers = [
        (f"||{slot.key}", _("材料 · %(label)s", label=slot.label))
        for slot in definition.documents
        if slot.phase is Phase.APPLICATION
    ]
    return fields + papers


def ground_choices(standing: Standing) -> list[tuple[str, str]]:
    """The rules on which a rejection may rest: key, and title, clause and what was found."""
    grounds = set(standing.grounds)
    return [(finding.rule, _ground_words(finding)) for finding in standing.findings if finding.rule in grounds]


def _ground_words(finding: Any) -> str:
    return _(
        "%(rule)s %(title)s：%(message)s 依据：%(clause)s",
        rule=finding.rule,
        title=finding.title,
        message=finding.message,
        clause=finding.clause,
    )
