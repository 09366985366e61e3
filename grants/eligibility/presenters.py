"""Words of the formal check: reasons, and labels of proposals, outcomes and kinds of runs."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from grants.eligibility.states import Outcome, Proposal, RunKind

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
