"""What both programmes' answers are made of: the form they take, section A, paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grants.demo.companies import Company
from grants.kernel.money import yuan

WAN = yuan(10_000)


@dataclass(frozen=True, slots=True)
class Filled:
    """Stored answers by path, rows by table in order, and the document slots to fill with the row they belong to."""

    answers: Mapping[str, Any]
    rows: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] = field(default_factory=dict)
    documents: tuple[tuple[str, str], ...] = ()


def organisation_answers(one: Company, year: int) -> Filled:
    """Section A of a company, as both programmes ask it."""
    employees = (8, 46, 180, 420)[one.size] + one.number % 5
    revenue = (60, 900, 5_600, 38_000)[one.size] * WAN + one.number * yuan(1_000)
    answers = {
        "org.name": one.name,
        "org.uscc": one.uscc,
        "org.org_type": "企业",
        "org.is_branch": False,
        "org.reg_district": one.district,
        "org.tax_district": one.district,
        "org.reg_date": one.founded_on.isoformat(),
        "org.reg_capital": (100, 1_000, 3_000, 10_000)[one.size] * WAN,
        "org.industry_code": one.industry,
        "org.employees": employees,
        "org.rd_staff": employees * 6 // 10,
        "org.assets": revenue * 2,
        "org.liabilities": revenue * 7 // 10,
        "org.legal_rep": one.contact[0] + "某",
        "org.contact_name": one.contact,
        "org.contact_phone": one.phone,
        "org.contact_email": one.email,
    }
    years = [
        (
            str(year - back),
            {
                "revenue": revenue * (10 - back) // 10 // WAN * WAN,
                "profit": revenue // 12 // WAN * WAN,
                "rd_spend": revenue * 12 // 100 // WAN * WAN,
            },
        )
        for back in (3, 2, 1)
    ]
    return Filled(answers, {"org.years": years})


def essay(number: int, subject: str, core: str, at_least: int) -> str:
    """A paragraph of at least so many characters whose sentences differ from case to case."""
    sentences = (
        f"{subject}{core}。",
        f"第{number % 7 + 1}版方案经过{number % 5 + 2}轮用户验证，覆盖{number % 23 + 3}个典型场景。",
        f"与现有做法相比，编号{number:05d}的方案在准备时间、运行稳定性和维护成本上都有可以核对的改进。",
        f"关键模块由{subject[:4]}团队自行研制，接口与数据格式公开，可在{number % 13 + 2}类环境中部署。",
        f"应用单位反馈，上线后第{number % 9 + 1}个月起各项指标趋于稳定，具备在同行业推广的条件。",
    )
    text = ""
    turn = 0
    while len(text) < at_least:
        text += sentences[(number + turn) % len(sentences)]
        turn += 1
    return text
