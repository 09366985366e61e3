"""Words of a draft: its parts, what differs, which names it may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.programmes.domain.comparing import Difference, Effect
from grants.programmes.domain.vocabulary import ReadableName

PART_TITLES: dict[str, object] = {
    "head": _l("概要"),
    "basis": _l("依据"),
    "parameters": _l("批次参数"),
    "lists": _l("名单"),
    "values": _l("计算值"),
    "sections": _l("填报内容"),
    "documents": _l("申报材料"),
    "rules": _l("审查规则"),
    "rubric": _l("评审标准"),
    "funding": _l("支持方式"),
    "stages": _l("环节"),
    "publication": _l("公开事项"),
}

PARAMETER_KINDS: dict[str, object] = {  # as a definition names them
    "money": _l("金额，按元填写"),
    "integer": _l("整数"),
    "basis_points": _l("万分之几，3000 即 30%"),
    "date": _l("日期，如 2026-03-02"),
}

EFFECTS: dict[Effect, tuple[str, str, object]] = {  # tone, picture, word
    Effect.ADDED: ("pub", "plus", _l("新增")),
    Effect.REMOVED: ("law", "cross", _l("删除")),
    Effect.TIGHTENED: ("act", "up", _l("收紧")),
    Effect.RELAXED: ("ok", "down", _l("放宽")),
    Effect.CHANGED: ("run", "edit", _l("改动")),
    Effect.WORDING: ("end", "file", _l("文字")),
}

ASPECTS: dict[str, object] = {
    "": _l("整项"),
    "severity": _l("后果"),
    "at": _l("何时核查"),
    "when": _l("适用情形"),
    "require": _l("判断式"),
    "check": _l("内置检查"),
    "clause": _l("依据"),
    "title": _l("名称"),
    "summary": _l("简介"),
    "message": _l("告知"),
    "remedy": _l("怎样处理"),
    "sentence": _l("条件说明"),
    "default": _l("默认值"),
    "minimum": _l("下限"),
    "maximum": _l("上限"),
    "not_before": _l("最早日期"),
    "not_after": _l("最晚日期"),
    "min_length": _l("最少字数"),
    "max_length": _l("最多字数"),
    "min_rows": _l("最少行数"),
    "max_rows": _l("最多行数"),
    "max_bytes": _l("大小上限（字节）"),
    "max_pages": _l("页数上限"),
    "max_files": _l("份数上限"),
    "accept": _l("格式"),
    "required": _l("必填"),
    "required_if": _l("必填的情形"),
    "shown_if": _l("出现的情形"),
    "ensure": _l("填写应满足"),
    "choices": _l("选项"),
    "pattern": _l("格式要求"),
    "kind": _l("类型"),
    "label": _l("名称"),
    "help": _l("说明"),
    "example": _l("示例"),
    "guidance": _l("填报指引"),
    "statement": _l("承诺内容"),
    "unit": _l("单位"),
    "phase": _l("填报环节"),
    "private": _l("不公开"),
    "precheck": _l("预检时询问"),
    "compute": _l("计算方式"),
    "expression": _l("计算式"),
    "items": _l("内容"),
    "list_name": _l("名单"),
    "rows_of": _l("所属表格"),
    "fixed_rows": _l("固定行"),
    "row_label": _l("行的称呼"),
    "pattern_message": _l("格式提示"),
    "ensure_message": _l("不满足时的提示"),
    "template": _l("模板"),
}

GROUPS: dict[str, object] = {
    "parameters": _l("批次参数"),
    "values": _l("计算值"),
    "fields": _l("填报内容"),
    "documents": _l("材料"),
    "call": _l("批次与流程"),
    "evidence": _l("登记信息"),
    "lists": _l("名单"),
    "functions": _l("函数"),
}


def aspect_text(aspect: str) -> str:
    """The aspect in words; a path of a part without words of its own stays as it is."""
    return str(ASPECTS.get(aspect, aspect))


def tally_of(differences: Iterable[Difference]) -> dict[Effect, int]:
    """How many differences there are of each effect; those without any are left out."""
    found = [difference.effect for difference in differences]
    return {effect: found.count(effect) for effect in Effect if effect in found}


def by_part(differences: Iterable[Difference]) -> list[tuple[str, list[Difference]]]:
    """The differences under the titles of their parts."""
    groups: dict[str, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(difference.part, []).append(difference)
    return [(str(PART_TITLES.get(part, part)), found) for part, found in groups.items()]


def name_groups(names: Iterable[ReadableName]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The names under their headings: what to insert, what it is, in which table it is read."""
    known = list(names)
    labels = {name.name: name.label for name in known if not name.table}
    groups: dict[str, list[dict[str, Any]]] = {}
    for name in known:
        groups.setdefault(name.group, []).append(_name_line(name, labels))
    return [(str(GROUPS[group]), lines) for group, lines in groups.items()]


def _name_line(name: ReadableName, labels: Mapping[str, str]) -> dict[str, Any]:
    kind = name.kind.label if name.kind else str(GROUPS[name.group])
    inside = str(_("%(table)s的一列", table=labels.get(name.table, name.table))) if name.table else ""
    hidden = str(_("视情形出现")) if name.conditional else ""
    return {"name": name.name, "label": name.label, "note": "，".join(part for part in (kind, inside, hidden) if part)}
