"""Words of the review."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.programmes.domain import Anchor, Rubric, SubCriterion
from grants.reviews.domain import SheetFault
from grants.reviews.models import Assignment, Panel
from grants.reviews.states import AssignmentState, PanelState

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
    "panel_replaced": _l("这项评审任务已由其他专家接替，您不需要再处理。"),
    "seat_declined": _l("您已回避这项评审任务，不能再查看材料或评分。"),
    "panel_complete": _l("没有需要接替的专家，不需要补抽。"),
    "sheet_handed_in": _l("所选专家刚刚提交了评分表，不能再更换。请重新查看专家组。"),
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
    "released": _l("本件已由其他专家接替"),
    "unavailable": _l("已不在专家库"),
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


def seat_words(seat: Assignment) -> str:
    """A seat as the officer tells it from the others: number, name, employer, how far it is."""
    return _(
        "%(number)s 号 %(name)s（%(employer)s，%(state)s）",
        number=seat.position,
        name=seat.expert.person.name,
        employer=seat.expert.employer,
        state=STATES[f"assignment.{seat.state}"][1],
    )


def next_words(panel: Panel | None, leaving: Mapping[UUID, str]) -> str:
    """What a panel waits for, in one sentence; empty once it has finished."""
    if panel is None or panel.state is not PanelState.CURRENT:
        return ""
    waiting = [seat for seat in panel.assignments if seat.expert_id not in leaving]
    count = {state: sum(seat.state is state for seat in waiting) for state in AssignmentState}
    parts = (
        (len(leaving) + count[AssignmentState.DECLINED], _l("须补抽 %(n)s 位专家")),
        (count[AssignmentState.INVITED], _l("%(n)s 位专家还没有答复")),
        (count[AssignmentState.ACCEPTED], _l("%(n)s 位专家正在评分")),
    )
    words = _("；").join(str(text) % {"n": number} for number, text in parts if number)
    return _("%(words)s。", words=words) if words else _("评分表已收齐，系统正在汇总，请稍后刷新。")


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
