"""What the columns of registers are called on screen and in the files that authorities hand over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from grants.registers.domain.registers import Register

USCC = "uscc"
_PUNCTUATION = re.compile(r"[\W_]+")
_UNIT = re.compile(r"[(（\[【].*?[)）\]】]")

HEADINGS: Mapping[str, tuple[str, ...]] = {  # by column, or "register.column"; the first is the label
    USCC: ("统一社会信用代码", "社会信用代码", "信用代码", "信用代码证号", "单位代码", "企业代码", "uscc"),
    "in_shanghai": ("是否在本市登记", "本市登记", "在沪登记", "登记地在上海"),
    "status": ("登记状态", "经营状态", "企业状态", "存续状态", "状态"),
    "abnormal": ("是否列入经营异常名录", "经营异常", "异常名录", "列入异常名录", "是否异常"),
    "founded_on": ("成立日期", "注册日期", "设立日期", "成立时间", "登记日期"),
    "reg.name": ("单位名称", "企业名称", "名称", "市场主体名称"),
    "reg.district": ("所在区", "区划代码", "行政区划", "所属区", "登记区", "区"),
    "severe": ("是否严重失信", "严重失信", "严重失信主体"),
    "active": ("是否在公示期内", "是否有效", "在公示期", "生效中", "有效"),
    "repaired": ("是否已修复", "信用修复", "修复", "修复状态"),
    "ended_on": ("失信终止日期", "终止日期", "结束日期", "追溯截止日期", "失信行为终止日"),
    "procedure": ("处罚程序", "程序", "程序类别"),
    "decided_on": ("处罚决定日期", "决定日期", "处罚日期"),
    "right_no": ("登记号", "著作权登记号", "软著登记号"),
    "right_name": ("软件全称", "软件名称", "作品名称"),
    "right_version": ("版本号", "版本", "软件版本"),
    "right_from": ("登记日期", "登记批准日期", "发证日期"),
    "level": ("资金级别", "级别", "财政级别", "支持级别"),
    "programme": ("专项名称", "专项", "资金名称", "支持专项"),
    "project": ("项目名称", "项目"),
    "product": ("产品名称", "产品", "软件产品"),
    "product_version": ("产品版本", "版本号", "版本"),
    "year": ("年度", "支持年度", "立项年度", "年份"),
    "fund": ("资金代码", "支持资金", "资金", "资金渠道"),
    "due_on": ("应验收日期", "验收期限", "到期日期", "计划验收日期"),
    "accepted": ("是否已验收", "验收", "验收情况", "验收状态"),
    "starts_on": ("限制起始日期", "起始日期", "开始日期", "限制开始日期"),
    "industry": ("行业代码", "国民经济行业代码", "行业门类代码"),
    "industry_name": ("行业名称", "所属行业"),
    "is_main": ("是否主营行业", "主营", "是否主营"),
}


def label_of(register: Register, column: str) -> str:
    """What a column is called on screen."""
    return _names(register, column)[0]


def plain(heading: str) -> str:
    """A heading for comparing: width, case, blanks, punctuation and a unit in brackets do not matter."""
    text = unicodedata.normalize("NFKC", _UNIT.sub("", heading)).casefold()
    return _PUNCTUATION.sub("", text)


def guess_mapping(
    register: Register, headings: Sequence[str], remembered: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Which heading (its place, from 0) fills which column: as the last import had it, else by name.

    ``remembered`` maps columns to the headings of that import. A heading fills one column only, the first that fits.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(plain(heading), place)
    mapping: dict[str, int] = {}
    for column in (USCC, *register.columns):
        names = (*_remembered(column, remembered or {}), *_names(register, column), column)
        named = (places[plain(name)] for name in names if plain(name) in places)
        free = [place for place in named if place not in mapping.values()]
        if free:
            mapping[column] = free[0]
    return mapping


def knows(register: Register, headings: Sequence[str]) -> int:
    """How many of the headings name a column of the register; the code counts twice."""
    mapping = guess_mapping(register, headings)
    return len(mapping) + (USCC in mapping)


def _names(register: Register, column: str) -> tuple[str, ...]:
    return HEADINGS.get(f"{register.key}.{column}") or HEADINGS[column]


def _remembered(column: str, remembered: Mapping[str, str]) -> tuple[str, ...]:
    return (remembered[column],) if remembered.get(column) else ()
