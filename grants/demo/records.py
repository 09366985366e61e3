"""What the imported registers say about the demonstration's enterprises: sound, but for one entry of every bad kind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants.demo.answers import product_name, project_name
from grants.demo.companies import company
from grants.demo.people import ENTERPRISES
from grants.kernel.actor import Actor
from grants.registers.domain import REGISTERS
from grants.registers.services import import_snapshot

STRUCK_OFF, ABNORMAL, MOVED_AWAY, DISHONEST, UNREPAIRED, PENALISED, FUNDED, OVERDUE, BANNED, UNKNOWN = range(50, 60)
FUND = {"sbc": "software-ic", "hlw": "internet-plus"}

Records = list[tuple[str, dict[str, Any]]]


def import_registers(session: Session, day: date, *, actor: Actor, now: datetime) -> None:
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


def _ago(day: date, days: int) -> str:
    return (day - timedelta(days=days)).isoformat()
