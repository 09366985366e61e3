"""Words of decisions, and the ranking as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from flask_babel import lazy_gettext as _l

from grants.applications.models import Application
from grants.calls.models import Call
from grants.calls.states import Shortfall
from grants.decisions.domain import Change, FundShare, Plan, PlanLine, funding_line, reallocate
from grants.decisions.queries import ScoreRange
from grants.kernel.money import YUAN_PER_WAN, to_yuan
from grants.programmes.queries import definition_of

STATES: dict[str, tuple[str, object]] = {
    "proposal.draft": ("run", _l("拟定中")),
    "proposal.submitted": ("act", _l("待审批")),
    "proposal.approved": ("ok", _l("已批准")),
    "proposal.returned": ("law", _l("已退回")),
    "proposal.superseded": ("end", _l("已被新版本替代")),
}

REASONS: dict[str, object] = {
    "candidates_unranked": _l("名次重复或次序有误，没有计算。"),
    "ranking_outdated": _l("方案拟定后又有申报完成评审，或评审结果有变化。请先重新生成方案，再提交审批。"),
    "already_on_notice": _l("本批已经公示，方案不能再修改；公示期间的变化通过异议处理。"),
    "nothing_to_rank": _l("本批还没有完成评审的申报，不能生成方案。"),
    "not_in_ranking": _l("这件申报不在本批排序之中。"),
    "not_lower_than_computed": _l("核减后的金额应低于核算金额，且不小于 0。"),
    "not_whole_wan_yuan": _l("核减后的金额应为整万元。"),
    "lowering_needs_reason": _l("核减或不予支持须写明理由。"),
    "return_needs_reason": _l("退回须写明理由。"),
    "not_a_draft": _l("只有拟定中的方案可以提交审批。"),
    "not_submitted": _l("这个版本不在待审批状态。"),
    "above_approval_limit": _l("方案中有单项金额超过您的审批限额，请由更高权限的审批人办理。"),
    "own_proposal": _l("您参与拟定了本批方案，不能审批。"),
    "officer_of_case": _l("您办理过本批申报的形式审查或专家抽取，不能审批本批方案。"),
    "expert_of_case": _l("您是本批申报的评审专家，不能审批本批方案。"),
}

SHORTFALLS: dict[Shortfall, tuple[object, object]] = {
    Shortfall.CUT_LAST: (_l("末位核减"), _l("排到资金不足的一件，按余额支持，不低于核算金额的 60%；其后不再支持")),
    Shortfall.SKIP: (_l("跳过"), _l("余额不足的一件不予支持，继续看后面的能否足额")),
    Shortfall.STOP: (_l("到此为止"), _l("每件足额，排到余额不足的一件为止")),
}

LOW, FULL = Decimal(50), Decimal(100)


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One line with what stands beside it; ``running_fen`` is the sum of the awards down to here."""

    line: PlanLine
    application: Application
    least: Decimal | None
    middle: Decimal
    most: Decimal | None
    running_fen: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a policy at the line would come to."""

    shortfall: Shortfall
    title: object
    text: object
    plan: Plan


@dataclass(frozen=True, slots=True)
class Ledger:
    """A fund: ceiling and what the plan draws on it, in fen."""

    title: str
    ceiling_fen: int
    used_fen: int


def ranking_rows(
    lines: Sequence[PlanLine],
    applications: Mapping[UUID, Application],
    ranges: Mapping[UUID, ScoreRange],
    changes: Sequence[Change],
) -> list[RankingRow]:
    """The rows of the page, in order of rank."""
    changed = {change.reference: change for change in changes}
    rows, running_fen = [], 0
    for line in lines:
        running_fen += line.proposed_fen
        found = ranges.get(line.reference)
        rows.append(
            RankingRow(
                line=line,
                application=applications[line.reference],
                least=points_of(found.least) if found else None,
                middle=points_of(line.total_hundredths),
                most=points_of(found.most) if found else None,
                running_fen=running_fen,
                change=changed.get(line.reference),
            )
        )
    return rows


def scale_low(rows: Sequence[RankingRow]) -> Decimal:
    """Where the picture of the scores begins: at 50, or at the ten below the least that somebody gave."""
    least = min((row.least for row in rows if row.least is not None), default=LOW)
    return min(LOW, least // 10 * 10)


def cut_after(lines: Sequence[PlanLine]) -> int:
    """The rank below which the funding line is drawn; 0 where nothing is funded."""
    return funding_line(lines)


def scenarios(plan: Plan, call: Call) -> list[Scenario]:
    """The three policies side by side, on the same ranking and lowerings."""
    funds = [FundShare(fund.code, fund.ceiling_fen) for fund in call.funds]
    return [
        Scenario(shortfall, title, text, reallocate(plan.lines, funds=funds, shortfall=shortfall))
        for shortfall, (title, text) in SHORTFALLS.items()
    ]


def ledgers(plan: Plan, call: Call) -> list[Ledger]:
    """What the plan draws on each fund."""
    used: dict[str, int] = {}
    for line in plan.lines:
        for part in line.funds:
            used[part.code] = used.get(part.code, 0) + part.fen
    return [Ledger(fund.title, fund.ceiling_fen, used.get(fund.code, 0)) for fund in call.funds]


def points_of(hundredths: int) -> Decimal:
    """Points with two decimals."""
    return (Decimal(hundredths) / 100).quantize(Decimal("0.01"))


def wan_cell(fen: int) -> str:
    """万元 with two decimals, for columns whose rows are compared."""
    return f"{(to_yuan(fen) / YUAN_PER_WAN).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def pass_mark_of(call: Call) -> Decimal | None:
    """The pass mark as a figure of the call, for the picture; None where the rubric computes it case by case."""
    definition = definition_of(call.definition)
    key = definition.rubric.pass_mark.source.strip()
    found = next((parameter for parameter in definition.parameters if parameter.key == key), None)
    if found is None:
        return None
    value = call.parameters.get(key, found.default)
    return None if value is None else Decimal(str(value))
