"""Words of the review."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l

from grants.programmes.domain import Anchor, Rubric, SubCriterion
from grants.reviews.domain import SheetFault

STATES: dict[str, tuple[str, object]] = {
    "assignment.invited": ("act", _l("待答复")),
    "assignment.accepted": ("run", _l("评分中")),
    "assignment.declined": ("end", _l("已回避")),
    "assignment.submitted": ("ok", _l("已提交")),
    "assignment.void": ("end", _l("已作废")),
    "panel.current": ("run", _l("评审中")),
    "panel.replaced": ("end", _l("已替换")),
    "panel.completed": ("ok", _l("已完成")),
}

REASONS: dict[str, object] = {
    "not_ready_for_review": _l("这件申报还没有受理，或已经离开评审环节，不能抽取专家。"),
    "undertaking_missing": _l("请先签署回避与保密承诺，再查看材料和评分。"),
    "already_answered": _l("您已经答复过这项评审任务。"),
    "sheet_submitted": _l("评分表已经提交，不能再修改。"),
    "sheet_incomplete": _l("评分表还有未填或不符合要求的项目，没有提交。"),
    "panel_replaced": _l("这项评审任务已由其他专家接替。"),
    "panel_complete": _l("没有专家回避，不需要补抽。"),
    "panel_incomplete": _l("评分表没有收齐，不能汇总。"),
    "redraw_needs_reason": _l("补抽专家须写明理由。"),
    "no_admissible_panel": _l("专家库中没有符合组成要求的专家组，没有抽取。"),
    "panel_size_unknown": _l("申报内容不足以确定专家组人数，请先核对申请金额等信息。"),
    "pass_mark_unknown": _l("批次没有设置合格分数线，请联系管理员。"),
    "expert_known": _l("这位人员已经在专家库中。"),
}

RELATIONS: dict[str, object] = {
    "employment": _l("三年内在该单位任职或领取报酬"),
    "shareholding": _l("持有该单位股份，或与其有其他经济利益"),
    "cooperation": _l("参与过本项目，或与该单位有合作、竞争关系"),
    "kinship": _l("与该单位负责人或项目负责人有近亲属关系"),
    "other": _l("其他可能影响公正评审的情形"),
}

SPECIALTIES: dict[str, object] = {
    "technical": _l("技术"),
    "market": _l("市场"),
    "industry": _l("产业"),
    "finance": _l("财务"),
    "security": _l("网络与数据安全"),
}

EXCLUSIONS: dict[str, object] = {
    "same_employer": _l("任职单位与申报单位、合作单位或买方相同"),
    "declared_conflict": _l("本人已声明利害关系"),
    "member": _l("是申报单位的人员"),
    "declined": _l("本件已回避"),
}

_FAULTS = {
    "score_missing": _l("请打分。"),
    "score_out_of_range": _l("分数应在 0 到 %(limit)s 之间。"),
    "score_off_step": _l("分数应为 %(limit)s 的整数倍。"),
    "comment_missing": _l("低于满分的 60%%，请写明理由，不少于 %(limit)s 个字。"),
}


def points_of(hundredths: int) -> Decimal:
    """Points as they stand in an input."""
    return Decimal(hundredths) / 100


def fault_text(fault: SheetFault) -> str:
    """The sentence for one fault of a sheet."""
    return str(_FAULTS[fault.code]) % {"limit": fault.limit}


def anchors_of(rubric: Rubric, criterion_key: str, sub: SubCriterion) -> list[dict[str, object]]:
    """The anchors of a criterion on the scale of one of its sub-criteria, best first."""
    anchors = sorted(rubric.criterion(criterion_key).anchors, key=lambda anchor: anchor.from_share, reverse=True)
    return [_anchor(anchor, sub, last=anchor is anchors[-1]) for anchor in anchors]


def _anchor(anchor: Anchor, sub: SubCriterion, *, last: bool) -> dict[str, object]:
    since = anchor.from_share * sub.maximum
    above = anchor.to_share * sub.maximum
    words = _l("%(points)s 以下", points=f"{above:.1f}") if last else _l("%(points)s 起", points=f"{since:.1f}")
    return {"level": anchor.level, "words": words, "since": since, "text": anchor.text}
