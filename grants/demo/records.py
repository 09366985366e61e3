"""What the imported registers say about the demonstration's enterprises: sound, but for one entry of every bad kind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants.demo.answers import copyright_of, product_name, project_name
from grants.demo.companies import company
from grants.demo.people import ENTERPRISES
from grants.demo.plans import rounds
from grants.demo.timetable import Almanac, window_of
from grants.kernel.actor import Actor
from grants.kernel.districts import DISTRICTS
from grants.registers.domain import REGISTERS
from grants.registers.services import import_snapshot

STRUCK_OFF, ABNORMAL, MOVED_AWAY, DISHONEST, UNREPAIRED, PENALISED, FUNDED, OVERDUE, BANNED, UNKNOWN = range(50, 60)
TRADES = {  # GB/T 4754
    "6431": "互联网生产服务平台",
    "6450": "互联网数据服务",
    "6511": "基础软件开发",
    "6512": "支撑软件开发",
    "6513": "应用软件开发",
    "6519": "其他软件开发",
    "6531": "信息系统集成服务",
    "6560": "信息技术咨询服务",
}
FUND = {"sbc": "software-ic", "hlw": "internet-plus"}

Records = list[tuple[str, dict[str, Any]]]


def import_registers(session: Session, almanac: Almanac, day: date, *, actor: Actor, now: datetime) -> None:
    """Import one snapshot of every register as of ``day``."""
    entries = {
        "reg": business_register(),
        "credits": credit_records(day),
        "penalties": [
            (company(PENALISED).uscc, {"procedure": "一般程序", "decided_on": _ago(day, 400)}),
            (company(3).uscc, {"procedure": "简易程序", "decided_on": _ago(day, 200)}),
        ],
        "funded": funded(day),
        "projects": projects(day),
        "bans": [(company(BANNED).uscc, {"starts_on": _ago(day, 300)})],
        "sw_copyrights": copyrights(almanac, day),
        "industry_codes": industries(),
    }
    for key, records in entries.items():
        source = f"{REGISTERS[key].label}（模拟）"
        import_snapshot(session, key, source=source, asof_on=day, records=records, actor=actor, now=now)


def business_register() -> Records:
    """One entry per enterprise, except for the one that nobody can find."""
    bad: dict[int, dict[str, Any]] = {
        STRUCK_OFF: {"status": "吊销"},
        ABNORMAL: {"abnormal": True},
        MOVED_AWAY: {"in_shanghai": False},
    }
    return [
        (
            company(number).uscc,
            {
                "in_shanghai": True,
                "status": "存续" if number % 3 else "在业",
                "abnormal": False,
                "founded_on": company(number).founded_on.isoformat(),
                "name": company(number).name,
                "district": DISTRICTS[company(number).district],
                **bad.get(number, {}),
            },
        )
        for number in range(ENTERPRISES)
        if number != UNKNOWN
    ]


def credit_records(day: date) -> Records:
    """A serious record in force, a lesser one not repaired, and one that has been repaired."""
    return [
        (company(DISHONEST).uscc, {"severe": True, "active": True, "repaired": False, "ended_on": None}),
        (
            company(UNREPAIRED).uscc,
            {"severe": False, "active": False, "repaired": False, "ended_on": _ago(day, 500)},
        ),
        (company(5).uscc, {"severe": False, "active": False, "repaired": True, "ended_on": _ago(day, 900)}),
    ]


def funded(day: date) -> Records:
    """The city has paid for this enterprise's product and project before."""
    one = company(FUNDED)  # applies as numbers 356 and 656 in the open calls (plans.py)
    head = {"level": "市", "year": day.year - 1}
    return [
        (
            one.uscc,
            {
                **head,
                "programme": "软件首版次（模拟）",
                "project": None,
                "product": product_name(one, 300 + FUNDED),
                "product_version": "V1.0",
            },
        ),
        (
            one.uscc,
            {
                **head,
                "programme": "“互联网+”（模拟）",
                "project": project_name(one, 600 + FUNDED),
                "product": None,
                "product_version": None,
            },
        ),
    ]


def projects(day: date) -> Records:
    """A project that is overdue and not accepted, and one that was accepted in time."""
    return [
        *(
            (
                company(OVERDUE).uscc,
                {"fund": fund, "project": "示例在研项目", "due_on": _ago(day, 150), "accepted": False},
            )
            for fund in FUND.values()
        ),
        (
            company(7).uscc,
            {"fund": FUND["sbc"], "project": "示例已验收项目", "due_on": _ago(day, 400), "accepted": True},
        ),
    ]


def copyrights(almanac: Almanac, day: date) -> Records:
    """The software copyrights that applications of ``sbc`` name, as far as they were registered by ``day``."""
    found: Records = []
    for plan in rounds():
        window = window_of(almanac, plan.closed_days_ago)
        for story in plan.stories if plan.code == "sbc" else ():
            right = copyright_of(company(story.company), story.number, window.sales_from)
            if right["registered_on"] <= day.isoformat():
                names = {"right_no": "reg_no", "right_name": "full_name", "right_version": "reg_version"}
                told = {column: right[key] for column, key in names.items()}
                found.append((company(story.company).uscc, {**told, "right_from": right["registered_on"]}))
    return found


def industries() -> Records:
    """The main trade of every enterprise that is registered."""
    return [
        (
            company(number).uscc,
            {
                "industry": company(number).industry,
                "industry_name": TRADES[company(number).industry],
                "is_main": True,
            },
        )
        for number in range(ENTERPRISES)
        if number != UNKNOWN
    ]


def _ago(day: date, days: int) -> str:
    return (day - timedelta(days=days)).isoformat()
