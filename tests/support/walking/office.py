"""What the office does: open a call, verify, move the clock, look, return, accept, draw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from grants.kernel.clock import SHANGHAI
from tests.support.walking.visitor import Typed, Visitor, arrived, says

CONTACT = "示例市产业专项受理中心（模拟）\n示例路 100 号 1 楼\n021-55550000，工作日 9:00-17:30"


def open_call(
    visitor: Visitor,
    code: str,
    *,
    title: str,
    opens_on: date,
    closes_on: date,
    parameters: Mapping[str, Typed],
    fund: tuple[str, str, str],
    shortfall: str = "cut_last",
) -> str:
    """Plan a call on the newest version of a programme and announce it; returns its reference.

    ``fund`` is code, title and ceiling in 万元; ``shortfall`` what happens where the money ends.
    """
    visitor.open("/staff/calls/new")
    visitor.open(next(link for link in visitor.links("/staff/calls/new/") if is_for(visitor, link, code)))
    visitor.fill(
        {
            "title": title,
            "opens_on": opens_on,
            "opens_time": "0:00",
            "closes_on": closes_on,
            "closes_time": "17:00",
            "contact": CONTACT,
            "shortfall": shortfall,
            "f_1_code": fund[0],
            "f_1_title": fund[1],
            "f_1_ceiling": fund[2],
            **{f"p_{key}": value for key, value in parameters.items()},
        }
    )
    visitor.press("存为草稿，下一步核对")
    arrived(visitor, "/announce")
    ref = visitor.path.split("/")[3]
    visitor.press("确认发布")
    arrived(visitor, f"/staff/calls/{ref}")
    return ref


def is_for(visitor: Visitor, link: str, code: str) -> bool:
    """Whether a new call's form is for this programme, by the reference it proposes."""
    return f'value="{code.upper()}-2' in visitor.fetch(link).content.decode()


def verify_membership(visitor: Visitor, organisation: str) -> None:
    """Look at the oldest application for membership and verify it."""
    visitor.open("/staff/memberships")
    says(visitor, organisation)
    visitor.open(visitor.links("/staff/memberships/")[0])
    says(visitor, organisation)
    visitor.fill({"decision": "verify"})
    visitor.press("确认并通知申请人")
    assert visitor.status == 200


def move_clock(visitor: Visitor, to: datetime) -> None:
    """Set the demonstration clock."""
    local = to.astimezone(SHANGHAI)
    visitor.open("/staff/clock")
    visitor.fill({"day": local.date(), "clock": f"{local:%H:%M}"})
    visitor.press("调到这个时间")
    arrived(visitor, "/staff/clock")
    says(visitor, "演示时钟", f"{local.month}月{local.day}日")


def open_case(visitor: Visitor, ref: str) -> None:
    """Find a case in the worklist and open it."""
    visitor.open(f"/staff/?view=all&q={ref}")
    says(visitor, ref)
    assert f"/staff/cases/{ref}" in visitor.links("/staff/cases/")
    visitor.open(f"/staff/cases/{ref}")
    arrived(visitor, f"/staff/cases/{ref}")


def return_case(visitor: Visitor, ref: str, reason: str) -> None:
    """Return a case for correction with what its findings ask for."""
    open_case(visitor, ref)
    visitor.picture("case-file")
    visitor.open(f"/staff/cases/{ref}/return")
    visitor.fill({"reason": reason})
    visitor.press("预览通知")
    says(visitor, reason)
    visitor.press("确认退回补正")
    arrived(visitor, f"/staff/cases/{ref}")
    says(visitor, "退回补正")


def accept_case(visitor: Visitor, ref: str, reason: str = "") -> None:
    """Accept a case."""
    open_case(visitor, ref)
    visitor.open(f"/staff/cases/{ref}/decide")
    if reason:
        visitor.fill({"reason": reason})
    visitor.press("确认受理")
    arrived(visitor, f"/staff/cases/{ref}")
    says(visitor, "形式审查：受理")


def give_opinion(visitor: Visitor, ref: str, **values: Any) -> None:
    """The district's word."""
    open_case(visitor, ref)
    visitor.open(f"/staff/cases/{ref}/opinion")
    visitor.fill(values)
    visitor.press("提交区级初审意见")
    arrived(visitor, f"/staff/cases/{ref}")


def draw_panel(visitor: Visitor, ref: str) -> None:
    """Draw the panel of an accepted case."""
    visitor.open("/staff/panels")
    assert f"/staff/panels/{ref}" in visitor.links("/staff/panels/"), visitor.words[:2000]
    visitor.open(f"/staff/panels/{ref}")
    visitor.press("随机抽取专家组")
    arrived(visitor, f"/staff/panels/{ref}")
    says(visitor, "专家组已抽取")
    visitor.picture("panel")
