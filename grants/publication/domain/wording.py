"""The formal words of a notice and of a list. They are frozen with it, so the fingerprint covers them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from grants.kernel.money import wan_text
from grants.publication.domain.period import Period

NUMERALS = "一二三四五六七八九十"
FINAL = "拟支持项目和金额最终以下达文件为准。"
OBJECTING = (
    "对公示内容有异议的，请在公示期内实名提出，说明事实和理由。单位提出的写明单位全称和联系人，"
    "个人提出的写明真实姓名和联系方式。受理部门对异议人的信息保密，"
    "并在 10 个工作日内答复。匿名或无具体事实的异议不予受理。"
)


def day_text(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def batch_words(call_ref: str) -> str:
    """``（第一批）`` of ``SBC-2027-01``; empty where the reference does not end in a number."""
    last = call_ref.rpartition("-")[2]
    if not last.isdigit() or not int(last):
        return ""
    number = int(last)
    return f"（第{NUMERALS[number - 1]}批）" if number <= len(NUMERALS) else f"（第{number}批）"


def round_name(year: int, programme: str, call_ref: str) -> str:
    """``2027 年度软件首版次突破专项支持（模拟）（第一批）``."""
    return f"{year} 年度{programme}{batch_words(call_ref)}"


def notice_title(year: int, programme: str, call_ref: str) -> str:
    return f"关于 {round_name(year, programme, call_ref)}拟支持项目的公示"


def list_title(year: int, programme: str, call_ref: str) -> str:
    return f"{round_name(year, programme, call_ref)}立项名单"


def preamble(basis: Sequence[str], *, with_district: bool, items: int, total_fen: int) -> str:
    """On what basis, by which steps, how many items and how much."""
    titles = "和".join(f"《{title}》" for title in basis)
    steps = "经形式审查、区级初审、专家评审和审批" if with_district else "经形式审查、专家评审和审批"
    return f"根据{titles}，{steps}，拟对下列 {items} 个项目给予支持，合计 {wan_text(total_fen)} 万元。现予公示。"


def list_preamble(title: str, *, notice_ref: str, items: int, total_fen: int) -> str:
    return (
        f"{title}经公示（编号 {notice_ref}）无异议或异议已处理完毕，现予公告，"
        f"共 {items} 个项目，支持金额合计 {wan_text(total_fen)} 万元。"
    )


def notice_sections(period: Period, contact: Sequence[str]) -> list[dict[str, str]]:
    """Time, objections, contact; each a heading and its text."""
    when = f"{day_text(period.starts_on)}至{day_text(period.ends_on)}，共 {period.days} 个工作日，首尾两日均计入。"
    where = "受理部门、地址和电话：" + "；".join(contact) + "。网上可在本公示页面提出异议。"
    return [
        {"heading": "一、公示时间", "text": when},
        {"heading": "二、异议的提出", "text": OBJECTING},
        {"heading": "三、联系方式", "text": where},
    ]


def removal_words(seq: int, project_no: str, project_name: str) -> str:
    """What a new version says of the item that an upheld objection took away."""
    return f"上一版第 {seq} 项“{project_name}”（{project_no}）因异议成立，不再列入。"
