"""Funding, stages and publication."""

from __future__ import annotations

from grants.kernel.rules import Expression, Kind
from grants.programmes.domain.kinds import StageKey
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.reader import Part, nearest
from grants.programmes.domain.loading.scoring import number
from grants.programmes.domain.model import Funding, Instalment, Publication, PublicColumn, Stage, Track

WHOLE_BP = 10_000
PUBLIC_COLUMNS = (
    "batch",
    "programme_code",
    "seq",
    "project_no",
    "project_name",
    "version",
    "org_name",
    "uscc",
    "district_code",
    "district",
    "category",
    "amount",
    "amount_wan",
    "publicity_start",
    "publicity_end",
    "status",
    "doc_no",
    "published_at",
)


def read_funding(root: Part, compiler: Compiler) -> Funding:
    """The funding of the file; the shares of its instalments make a whole."""
    part = root.part("funding", required=True) or Part(root.node, "funding", [])
    funding = Funding(
        tracks=tuple(_read_track(track, compiler) for track in part.parts("tracks", required=True)),
        base=number(part, "base", compiler),
        base_label=part.text("base_label", required=True),
        requested=number(part, "requested", compiler),
        rounding=number(part, "rounding", compiler),
        minimum=number(part, "minimum", compiler),
        instalments=tuple(_read_instalment(instalment) for instalment in part.parts("instalments", required=True)),
    )
    part.close()
    if sum(instalment.share_bp for instalment in funding.instalments) != WHOLE_BP:
        part.fault("各期拨付比例合计应为 10000（万分之一为单位）", key="instalments")
    return funding


def _read_track(part: Part, compiler: Compiler) -> Track:
    track = Track(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        when=_optional(part, "when", compiler, Kind.YES_NO),
        ratio_bp=number(part, "ratio_bp", compiler),
        cap=number(part, "cap", compiler),
    )
    part.close()
    return track


def _read_instalment(part: Part) -> Instalment:
    instalment = Instalment(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        share_bp=part.integer("share_bp", required=True, minimum=1) or 0,
        after=part.member("after", StageKey).value,
    )
    part.close()
    return instalment


def read_stages(root: Part) -> tuple[Stage, ...]:
    """Every stage of the process with its days; optional ones may be switched off."""
    stages = tuple(_read_stage(part) for part in root.parts("stages", required=True))
    keys = [stage.key for stage in stages]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        root.fault(f"阶段“{key}”重复", key="stages")
    return stages


def _read_stage(part: Part) -> Stage:
    stage = Stage(
        key=part.member("key", StageKey).value,
        label=part.text("label", required=True),
        enabled=part.yes_no("enabled", default=True),
        days=part.integer("days"),
        calendar=part.yes_no("calendar"),
        rounds=part.integer("rounds", minimum=1) or 1,
        note=part.text("note"),
    )
    if part.has("rounds") and stage.key != StageKey.CORRECTION:
        part.fault("只有补正阶段可以写轮数", part.node_of("rounds"), key="rounds")
    if stage.key == StageKey.RECONSIDERATION:
        _require_remedy(part, stage)
    part.close()
    return stage


def _require_remedy(part: Part, stage: Stage) -> None:
    """A programme sets the time in which a rejection can be objected to; it cannot do without."""
    if not stage.enabled:
        part.fault("申请复核的途径不能停用", key="enabled")
    if stage.calendar or not stage.days or stage.days < 1:
        part.fault("申请复核的期限应为 1 个以上的工作日", key="days")


def read_publication(root: Part, compiler: Compiler) -> Publication:
    """What becomes public, in which columns."""
    part = root.part("publication", required=True) or Part(root.node, "publication", [])
    name = _optional(part, "project_name", compiler, Kind.TEXT, required=True)
    dataset = part.part("dataset")
    publication = Publication(
        notice_days=part.integer("notice_days", required=True, minimum=1) or 1,
        project_name=name if name is not None else compiler.nothing,
        version=_optional(part, "version", compiler, Kind.TEXT),
        category=_optional(part, "category", compiler, Kind.TEXT),
        notice=_read_columns(part, "notice"),
        awards=_read_columns(part, "awards"),
        open_data=_read_columns(part, "open_data"),
        dataset={key: dataset.text(key) for key, _ in dataset.entries()} if dataset else {},
    )
    part.close()
    return publication


def _optional(part: Part, key: str, compiler: Compiler, expects: Kind, *, required: bool = False) -> Expression | None:
    node = part.scalar(key, required=required)
    return compiler.expression(node, part.path_of(key), expects=expects) if node else None


def _read_columns(part: Part, key: str) -> tuple[PublicColumn, ...]:
    columns = []
    for entry in part.parts(key, required=True):
        column = PublicColumn(entry.text("key", required=True), entry.text("label", required=True))
        if column.key not in PUBLIC_COLUMNS:
            entry.fault(f"不能公开“{column.key}”{nearest(column.key, PUBLIC_COLUMNS)}", key="key")
        entry.close()
        columns.append(column)
    return tuple(columns)
