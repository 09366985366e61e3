"""The rubric: criteria, anchors, panel, aggregation, pass mark, ties."""

from __future__ import annotations

from decimal import Decimal

from grants.kernel.rules import Expression, Kind
from grants.programmes.domain.kinds import TieKind
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.reader import Part, nearest
from grants.programmes.domain.model import (
    Anchor,
    Criterion,
    CriterionMinimum,
    Rubric,
    Stratum,
    SubCriterion,
    TieBreak,
)

SPECIALTIES = ("technical", "market", "industry", "finance", "security")
MAX_DECIMALS = 2
_ZERO, _ONE = Decimal(0), Decimal(1)


def read_rubric(root: Part, compiler: Compiler) -> Rubric:
    """The rubric of the file."""
    part = root.part("rubric", required=True) or Part(root.node, "rubric", [])
    comment = part.part("comment") or Part(root.node, "rubric.comment", [])
    below, length = _share(comment, "below_share"), comment.integer("min_length") or 0
    criteria = tuple(_read_criterion(criterion, below, length) for criterion in part.parts("criteria", required=True))
    comment.close()
    known = [criterion.key for criterion in criteria]
    panel = part.part("panel", required=True) or Part(root.node, "rubric.panel", [])
    rubric = Rubric(
        criteria=criteria,
        panel_size=number(panel, "size", compiler),
        strata=tuple(_read_stratum(stratum) for stratum in panel.parts("strata", required=True)),
        trim=part.integer("trim") or 0,
        decimals=_decimals(part),
        pass_mark=number(part, "pass_mark", compiler),
        criterion_minimums=tuple(_read_minimum(minimum, known) for minimum in part.parts("criterion_minimums")),
        ties=tuple(_read_tie(tie, known, compiler) for tie in part.parts("ties", required=True)),
        spread_flag=part.decimal("spread_flag"),
    )
    panel.close()
    part.close()
    if rubric.maximum != 100:
        part.fault(f"各项满分合计应为 100，现为 {rubric.maximum}", key="criteria")
    return rubric


def number(part: Part, key: str, compiler: Compiler) -> Expression:
    """A required expression that gives a number."""
    node = part.scalar(key, required=True)
    return compiler.expression(node, part.path_of(key), expects=Kind.NUMBER) if node else compiler.nothing


def _decimals(part: Part) -> int:
    """Of the total; scores are kept in hundredths of a point."""
    decimals = part.integer("decimals") or 0
    if decimals > MAX_DECIMALS:
        part.fault(f"总分至多保留 {MAX_DECIMALS} 位小数", part.node_of("decimals"), key="decimals")
    return min(decimals, MAX_DECIMALS)


def _share(part: Part, key: str) -> Decimal | None:
    share = part.decimal(key)
    if share is not None and not _ZERO <= share <= _ONE:
        part.fault("应在 0 与 1 之间", key=key)
    return share


def _read_criterion(part: Part, below: Decimal | None, length: int) -> Criterion:
    criterion = Criterion(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        subs=tuple(_read_sub(sub, below, length) for sub in part.parts("subs", required=True)),
        anchors=tuple(_read_anchor(anchor) for anchor in part.parts("anchors", required=True, named_by="level")),
        help=part.text("help"),
    )
    part.close()
    return criterion


def _read_sub(part: Part, below: Decimal | None, length: int) -> SubCriterion:
    maximum, step = part.decimal("maximum", required=True) or _ONE, part.decimal("step", required=True) or _ONE
    if maximum <= 0 or step <= 0 or maximum % step:
        part.fault("满分与步长应大于 0，且满分为步长的整数倍", key="step")
    sub = SubCriterion(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        maximum=maximum,
        step=step,
        help=part.text("help"),
        comment_below=below,
        comment_min_length=length,
    )
    part.close()
    return sub


def _read_anchor(part: Part) -> Anchor:
    anchor = Anchor(
        level=part.text("level", required=True),
        from_share=_share(part, "from_share") or _ZERO,
        to_share=_share(part, "to_share") or _ONE,
        text=part.text("text", required=True),
    )
    part.close()
    return anchor


def _read_stratum(part: Part) -> Stratum:
    stratum = Stratum(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        specialties=part.texts("specialties", required=True),
        minimum=part.integer("minimum", required=True) or 0,
    )
    for specialty in stratum.specialties:
        if specialty not in SPECIALTIES:
            part.fault(f"没有专业类别“{specialty}”{nearest(specialty, SPECIALTIES)}", key="specialties")
    part.close()
    return stratum


def _read_minimum(part: Part, known: list[str]) -> CriterionMinimum:
    minimum = CriterionMinimum(part.text("criterion", required=True), _share(part, "share") or _ZERO)
    _require_known(part, minimum.criterion, known)
    part.close()
    return minimum


def _read_tie(part: Part, known: list[str], compiler: Compiler) -> TieBreak:
    kind = part.member("by", TieKind)
    condition = part.scalar("condition", required=kind is TieKind.CONDITION)
    path = part.path_of("condition")
    tie = TieBreak(
        kind=kind,
        label=part.text("label", required=True),
        criterion=part.text("criterion", required=kind is TieKind.CRITERION),
        condition=compiler.expression(condition, path, expects=Kind.YES_NO) if condition else None,
    )
    if tie.criterion:
        _require_known(part, tie.criterion, known)
    part.close()
    return tie


def _require_known(part: Part, key: str, known: list[str]) -> None:
    if key not in known:
        part.fault(f"没有评分项“{key}”{nearest(key, known)}", key="criterion")
