"""A stored finding in the words of a page: what was read by its label, values as an officer writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.desk.asking import Ask, PersonsWord, records_of
from grants.kernel.rules import format_value
from grants.programmes.domain import CaseView, Definition, FieldKind, ParameterKind, describe_name
from grants.registers.domain import REGISTERS
from grants.web.filters import local_date, local_time, share_text

RecordUrl = Callable[[str], str]  # from the key of a snapshot
SHOWN_READS = 12
ATTENTION = frozenset({"fail", "unknown"})
SIMILARITY = "similarity"
PLAIN_WORDS = {"true": "是", "false": "否", "": "未取得"}
CELL = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]*)\]\.(?P<column>.+)")
REGISTER_COLUMNS: Mapping[str, object] = {  # columns of the evidence, whatever register they are in
    "in_shanghai": _l("在本市登记"),
    "status": _l("登记状态"),
    "abnormal": _l("列入经营异常名录"),
    "founded_on": _l("成立日期"),
    "name": _l("单位名称"),
    "district": _l("所在区"),
    "severe": _l("严重失信"),
    "active": _l("尚未移出"),
    "repaired": _l("已修复信用"),
    "ended_on": _l("结束日期"),
    "procedure": _l("处罚程序"),
    "decided_on": _l("处罚决定日期"),
    "right_no": _l("登记号"),
    "right_name": _l("软件全称"),
    "right_version": _l("版本号"),
    "right_from": _l("登记日期"),
    "level": _l("级别"),
    "programme": _l("专项"),
    "project": _l("项目"),
    "product": _l("产品"),
    "product_version": _l("产品版本"),
    "year": _l("年度"),
    "fund": _l("资金来源"),
    "due_on": _l("应验收日期"),
    "accepted": _l("已验收"),
    "starts_on": _l("开始日期"),
    "industry": _l("行业代码"),
    "industry_name": _l("行业名称"),
    "is_main": _l("主营行业"),
    "kind": _l("占用事项"),
    "key": _l("占用的编号"),
    "application": _l("申报编号"),
    "receipt_no": _l("受理序号"),
    "call_ref": _l("申报批次"),
    "claimed_at": _l("占用时间"),
    "written_as": _l("对方的写法"),
    "holds": _l("登记在前"),
    "similarity": _l("相似度"),
    "declared_continuation": _l("声明为延续项目"),
    "document": _l("材料"),
    "row": _l("所属行"),
    "pages": _l("页数"),
    "sound": _l("可以打开"),
    "sealed": _l("有签章"),
}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in the words of a page; the fields are those of the macro ``finding_card``."""

    rule: str
    title: str
    verdict: str
    cause: str | None
    severity: str
    clause: str
    message: str
    remedy: str
    read: tuple[dict[str, str], ...]
    evidence: tuple[dict[str, Any], ...]
    due: bool
    id: UUID | None = None
    ask: Ask = Ask.REST
    said: PersonsWord | None = None
    papers: tuple[Any, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Whether the card stands open: it failed, warns or cannot be judged, or a person has spoken against it."""
        return self.due and (self.verdict in ATTENTION or self.said is not None)

    @property
    def weight(self) -> int:
        """Its place among others: failed, cannot be judged, hints, the rest."""
        if not self.due:
            return 5
        if self.verdict == "fail":
            return 2 if self.severity == "warn" else 0
        return {"unknown": 1, "pass": 3}.get(self.verdict, 4)


def show_finding(
    definition: Definition, view: CaseView, finding: Any, record_url: RecordUrl | None = None
) -> ShownFinding:
    """A stored finding with the names it read in the words of the form.

    ``record_url``: where the records of a snapshot are, for readers who may open it.
    """
    read = tuple(
        {
            "name": entry["name"],
            "label": name_words(definition, view, entry["name"]),
            "value": value_words(definition, entry["name"], entry["value"]),
        }
        for entry in finding.read[:SHOWN_READS]
    )
    return ShownFinding(
        rule=finding.rule,
        title=finding.title,
        verdict=finding.verdict,
        cause=finding.cause,
        severity=finding.severity,
        clause=finding.clause,
        message=finding.message if finding.verdict in ATTENTION else "",  # 符合 says it all
        remedy=finding.remedy,
        read=read,
        evidence=tuple(_shown_evidence(entry, record_url) for entry in finding.evidence if entry["asof"]),
        due=finding.due,
        id=getattr(finding, "id", None),
    )


def _shown_evidence(entry: Mapping[str, Any], record_url: RecordUrl | None) -> dict[str, Any]:
    """A piece of evidence with its day in words, its records as pairs of label and value, and the way to the snapshot
    they stand in; of a service that was asked, whose ``asof`` is an instant, the number of its answer."""
    ref, imported = entry.get("ref", ""), entry["root"] in REGISTERS and "T" not in entry["asof"]
    lines = [
        [(str(REGISTER_COLUMNS.get(key, key)), _plain(value)) for key, value in record.items() if value is not None]
        for record in records_of(entry["record"])
    ]
    return {
        **entry,
        "asof": day_words(entry["asof"]),
        "lines": [line for line in lines if line],
        "url": record_url(ref) if imported and ref and record_url else "",
        "answer_no": "" if imported else ref,
    }


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return PLAIN_WORDS["true" if value else "false"]
    return day_words(str(value))


def name_words(definition: Definition, view: CaseView, name: str) -> str:
    """A name that a rule read, as the form or the register calls it: 首批销售合同第 1 行·合同软件金额."""
    cell = CELL.fullmatch(name)
    if cell is None:
        root, _dot, column = name.partition(".")
        words = describe_name(definition, name, view)
        return f"{words}·{REGISTER_COLUMNS[column]}" if root == "reg" and column in REGISTER_COLUMNS else words
    if cell["table"] in definition.fields_by_path:
        _worked_out = view[cell["table"]]  # rows are counted only in a table that the view has worked out
        return describe_name(definition, name, view)
    place = _("%(table)s第 %(row)s 条", table=describe_name(definition, cell["table"]), row=cell["row"])
    return f"{place}·{REGISTER_COLUMNS.get(cell['column'], cell['column'])}"


def value_words(definition: Definition, name: str, value: str) -> str:
    """A value as a rule recorded it, in words: days, instants, money in its unit, choices by their label."""
    if value in PLAIN_WORDS:
        return PLAIN_WORDS[value]
    cell = CELL.fullmatch(name)
    if cell is not None and (cell["table"], cell["column"]) == ("earlier_texts", SIMILARITY):
        return share_text(value)
    field = definition.fields_by_path.get(f"{cell['table']}.{cell['column']}" if cell else name)
    if is_money(definition, name) or (field is not None and field.kind is FieldKind.MONEY):
        return money_words(value)
    if field is not None and value in field.choice_labels:
        return field.choice_labels[value]
    if field is None or field.kind in (FieldKind.DATE, FieldKind.COMPUTED):
        return day_words(value)
    return value


def is_money(definition: Definition, name: str) -> bool:
    """Whether a name is a call's parameter in yuan."""
    return any(parameter.key == name and parameter.kind is ParameterKind.MONEY for parameter in definition.parameters)


def money_words(value: str) -> str:
    """Yuan as rules have them, exact."""
    try:
        return _("%(yuan)s 元", yuan=format_value(Decimal(value)))
    except InvalidOperation:
        return value


def day_words(value: str) -> str:
    """An ISO day or instant in words; anything else stays as it is."""
    try:
        if len(value) == len("2026-03-02"):
            return local_date(date.fromisoformat(value))
        return local_time(datetime.fromisoformat(value)) if "T" in value else value
    except ValueError:
        return value
