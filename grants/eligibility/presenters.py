"""Words of the formal check: reasons, and labels of proposals, outcomes and kinds of runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.domain import place_words, scope_of
from grants.applications.models import Application
from grants.eligibility.domain import CorrectionItem, Standing, correction_items
from grants.eligibility.states import Outcome, Proposal, RunKind
from grants.kernel.rules import Table
from grants.programmes.domain import (
    Case,
    CaseView,
    Definition,
    FieldKind,
    Phase,
    ReadSection,
    case_from_json,
    read_sections,
    required_documents,
)
from grants.programmes.queries import definition_of

NOT_ASKED = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})  # worked out, or asked again at every submission
TELLING_CELLS = 2  # of a row, so that an officer knows it again


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be asked for: value (path, row, slot), what it is called within its section, what stands there
    now, and its whole name."""

    value: str
    label: str
    now: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """The places of one section."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class CorrectionMarks:
    """What an officer can mark: ``asked`` by the findings (value, place, what is wrong, rules), and everything else."""

    case: Mapping[str, Any]
    asked: tuple[tuple[str, str, str, str], ...]
    groups: tuple[PlaceGroup, ...]

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """Value, name and reason of what the findings ask for."""
        return [(value, label, reason) for value, label, reason, _rules in self.asked]

    @property
    def rest(self) -> list[tuple[str, str]]:
        """Value and name of everything else."""
        return [(place.value, place.name) for group in self.groups for place in group.places]

    @property
    def labels(self) -> dict[str, str]:
        """Names by value."""
        return {value: label for value, label, _reason in self.found} | dict(self.rest)


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
    "with_district": _l("申报正在区主管部门初审，初审结束或期满后由市级审查。"),
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


def correction_marks(application: Application, standing: Standing, case: Mapping[str, Any]) -> CorrectionMarks:
    """Everything that can be asked for: first what the findings ask for, each with place, rules and what is wrong."""
    definition = definition_of(application.call.definition)
    typed = case_from_json(definition, case)
    attached = {(document.key, document.row) for document in typed.documents}
    missing = [place for place in required_documents(definition, typed) if place not in attached]
    wanting = [*missing, *(place for place in _unsound(definition, standing.held) if place not in missing)]
    view = CaseView(definition, typed)
    found = tuple(
        (_value(item), _words(definition, view, item), item.reason, "、".join(item.rules))
        for item in correction_items(definition, standing.held, wanting)
    )
    return CorrectionMarks(case, found, _groups(definition, typed, without={value for value, *_rest in found}))


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


def _groups(definition: Definition, case: Case, *, without: Collection[str]) -> tuple[PlaceGroup, ...]:
    """Questions, whole tables and rows by section, then the papers, but for what the findings ask for."""
    groups = [
        PlaceGroup(section.title, tuple(_places_of(definition, section)))
        for section in read_sections(definition, case, with_private=True)
    ]
    papers = _paper_places(definition, CaseView(definition, case), case)
    groups.append(PlaceGroup(str(_("申报材料")), tuple(papers)))
    left = (
        PlaceGroup(group.title, tuple(place for place in group.places if place.value not in without))
        for group in groups
    )
    return tuple(group for group in left if group.places)


def _places_of(definition: Definition, section: ReadSection) -> Iterable[Place]:
    for field in section.fields:
        if definition.field(field.path).kind in NOT_ASKED:
            continue
        if not field.is_table:
            yield Place(f"{field.path}||", field.label, field.text, _whole(section, field.label))
            continue
        all_rows = _("%(label)s（整张表，可增删行）", label=field.label)
        yield Place(f"{field.path}||", all_rows, "", _whole(section, all_rows))
        for number, row in enumerate(field.rows, 1):
            words = _("，").join([cell for cell in row.cells if cell][:TELLING_CELLS])
            label = _("%(label)s第 %(n)s 行", label=field.label, n=number)
            yield Place(f"{field.path}|{row.id}|", label, words, _whole(section, label))


def _whole(section: ReadSection, label: str) -> str:
    return label if label == section.title else f"{section.title} · {label}"


def _paper_places(definition: Definition, view: CaseView, case: Case) -> Iterable[Place]:
    names = {(document.key, document.row or ""): document.name for document in case.documents}
    for slot in definition.documents:
        if slot.phase is not Phase.APPLICATION:
            continue
        table = view[slot.rows_of] if slot.rows_of else None
        rows = [row.id for row in table.rows] if isinstance(table, Table) else [""]
        for row in rows:
            words = _words(definition, view, CorrectionItem(None, row or None, slot.key, ""))
            yield Place(f"|{row}|{slot.key}", words, names.get((slot.key, row), ""), words)


def _value(item: CorrectionItem) -> str:
    return "|".join((item.path or "", item.row or "", item.document or ""))


def _words(definition: Definition, view: CaseView, item: CorrectionItem) -> str:
    (asked,) = scope_of([item.to_json()]).items or ()
    return place_words(definition, view, asked)


def ground_choices(standing: Standing) -> list[tuple[str, str]]:
    """The rules on which a rejection may rest: key, and title, clause and what was found."""
    grounds = set(standing.grounds)
    return [(finding.rule, _ground_words(finding)) for finding in standing.held if finding.rule in grounds]


def _ground_words(finding: Any) -> str:
    return _(
        "%(rule)s %(title)s：%(message)s 依据：%(clause)s",
        rule=finding.rule,
        title=finding.title,
        message=finding.message,
        clause=finding.clause,
    )
