"""Words of the formal check: reasons, and labels of proposals, outcomes, verdicts and kinds of runs."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from grants.eligibility.states import Answer, Outcome, PersonVerdict, Proposal, RunKind

REASONS: dict[str, object] = {
    "evidence_changed": _l("核验所依据的记录刚刚有变化，系统会重新核验。"),
    "check_unfinished": _l("自动核验未能完成，工作人员会处理，您不需要重新提交。"),
    "decision_reason_missing": _l("请写明理由。"),
    "decision_items_missing": _l("请至少选择或填写一项需要补正的内容。"),
    "decision_rule_missing": _l("请选择据以不予受理的条款。"),
    "opinion_missing": _l("不推荐的，请写明意见。"),
    "correction_used": _l("本专项规定的补正次数已经用完，不能再退回补正。请受理，或按核验结论不予受理。"),
    "no_ground_to_reject": _l("没有核验为不符合的条款，不能不予受理；暂不能判断的事项不作为不予受理的依据。"),
    "check_outstanding": _l("还有到期的核验没有完成，完成后才能作出决定。"),
    "with_district": _l("申报正在区级初审，结束或期满后由市级审查。"),
    "not_with_district": _l("申报不在区级初审环节。"),
    "not_your_district": _l("这份申报不属于您所在的区。"),
    "no_district_stage": _l("这个专项没有区级初审。"),
    "not_checked": _l("申报当前不在形式审查环节。"),
    "finding_changed": _l("这条核验结果刚刚有变化，请返回案卷重新查看后再办理。"),
    "overrule_reason_missing": _l("请写明改判的理由，不超过 2000 字。"),
    "overrule_clause_missing": _l("请写明改判依据的条款，不超过 200 字。"),
    "overrule_says_the_same": _l("您选的结论与系统核验的一致，不需要改判。"),
    "nothing_overruled": _l("这一条没有改判可以撤回。"),
    "not_clean": _l("核验结果不是“未发现问题”，须逐件审查。"),
    "changed_since_staged": _l("预览以后这份申报有了变化（新的核验、改判或补正），没有受理，请逐件查看。"),
    "acceptance_unfinished": _l("系统多次尝试仍未能办理，请逐件受理。"),
    "not_your_list": _l("这份批量受理清单由其他经办人拟定，只有拟定人可以确认。"),
    "nothing_to_accept": _l("清单里没有可以受理的案卷。"),
    "nothing_selected": _l("没有选中任何案卷，请先勾选。"),
    "too_many_selected": _l("一次最多办理 %(most)s 件，请分批选择。"),
    "officer_unknown": _l("请从所列经办人中选择。"),
    "not_officer_of_call": _l("所选经办人不负责这个批次。"),
    "not_assignable": _l("案卷已进入评审或办理结束，不能再指派。"),
    "not_overrulable": _l("申报已经进入评审或办理结束，不能再改判核验结果。"),
    "nothing_to_recheck": _l("核验已经完成，没有需要重新取得的登记信息。"),
    "not_rejected": _l("这份申报现在没有生效的不予受理决定，不需要复核。"),
    "reconsideration_used": _l("对这份不予受理决定已经申请过复核，每份决定只能申请一次。办理情况见该申报的页面。"),
    "reconsideration_over": _l("申请复核的期限已过。仍有异议的，请按通知书所列方式向受理部门书面提出。"),
    "reconsideration_by_letter": _l("这份决定没有写明在系统内申请复核的期限，请按通知书所列方式向受理部门书面提出。"),
    "reconsideration_statement_missing": _l("请写明申请复核的理由，不超过 2000 字。"),
    "reconsideration_reason_missing": _l("请写明理由，不超过 2000 字。"),
    "nothing_to_reconsider": _l("这份不予受理决定没有待办理的复核申请。"),
    "own_rejection": _l("不予受理决定由您作出或提请，复核或撤销须由另一位经办人办理。"),
    "not_accepted": _l("申报现在不是已受理、待抽取专家的状态，不能撤销受理。"),
    "no_ground_to_revoke": _l(
        "没有核验为不符合、且不能以补正解决的条款，不能撤销受理。请继续办理；核验结果有误的，请改判。"
    ),
    "revocation_proposed": _l("已有人提请撤销受理，等待另一位经办人决定。"),
    "revocation_without_ground": _l(
        "提请所依据的条款现在已不是不符合（重新核验或已改判），不能撤销受理，请不同意这项提请。"
    ),
    "own_revocation": _l("撤销受理由您提请，须由另一位经办人决定；您可以收回提请。"),
    "round_is_public": _l(
        "本批次已经公示，这份申报不能再与其他申报一同评审，不予受理决定不能撤销。"
        "有复核申请的，可以维持，或者认定原决定有误并告知申报单位。"
    ),
    "round_is_not_public": _l("本批次还没有公示，原决定有误的应当撤销，重新核验和审查。"),
}
STATES: dict[str, tuple[str, object]] = {
    "reconsideration.asked": ("act", _l("待复核")),
    "reconsideration.upheld": ("end", _l("维持不予受理")),
    "reconsideration.taken_back": ("ok", _l("已撤销不予受理")),
    "reconsideration.found_wrong": ("law", _l("原决定有误，不能恢复")),
}
ANSWERS: dict[Answer, object] = {
    Answer.TAKE_BACK: _l("撤销不予受理：重新核验，重新审查"),
    Answer.UPHOLD: _l("维持不予受理"),
    Answer.FIND_WRONG: _l("原决定有误，但本批次已经公示，不能恢复办理"),
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
PERSON_VERDICTS: dict[PersonVerdict, object] = {
    PersonVerdict.PASS: _l("符合"),
    PersonVerdict.FAIL: _l("不符合"),
    PersonVerdict.NOT_APPLICABLE: _l("不适用"),
}
