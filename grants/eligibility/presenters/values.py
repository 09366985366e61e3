"""What a rule has read, in words: names as the form or the register calls them, values as an officer writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.kernel.rules import format_value
from grants.programmes.domain import CaseView, Definition, FieldKind, ParameterKind, describe_name
from grants.web.filters import local_date, local_time, share_text

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


def name_words(definition: Definition, view: CaseView | None, name: str) -> str:
    """A name that a rule read, as the form or the register calls it: 首批销售合同第 1 行·合同软件金额. Rows are counted
    in ``view``; without one they go by their id."""
    cell = CELL.fullmatch(name)
    if cell is None:
        root, _dot, column = name.partition(".")
        words = describe_name(definition, name, view)
        return f"{words}·{REGISTER_COLUMNS[column]}" if root == "reg" and column in REGISTER_COLUMNS else words
    if cell["table"] in definition.fields_by_path:
        _worked_out = view and view[cell["table"]]  # rows are counted only in a table that the view has worked out
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
