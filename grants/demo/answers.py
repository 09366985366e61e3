"""Complete, plausible answers for both programmes, in the stored form of ``programmes.domain`` (money in fen).

A *flaw* is one named deviation that makes certain rules fail, so that every verdict can be seen.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from grants.demo.companies import Company, company
from grants.kernel.money import yuan

WAN = yuan(10_000)
USED_BY = 36  # an application with the flaw "used_invoice" takes the invoices of the one so many numbers before
SBC_FLAWS = (
    "",
    "",
    "",
    "low_sales",
    "wrong_order",
    "self_sale",
    "old_report",
    "name_differs",
    "late_window",
    "over_asked",
)
HLW_FLAWS = (
    "",
    "",
    "",
    "too_small",
    "self_raised",
    "sums_differ",
    "forbidden_cost",
    "few_indicators",
    "abroad",
    "finished",
)

PRODUCTS = (
    "排程优化引擎",
    "工艺规划系统",
    "边缘网关平台",
    "代码分析工具",
    "实时数据库",
    "密钥管理套件",
    "仿真求解器",
    "设备运维平台",
)
PROJECTS = (
    "设备协同与预测维护平台",
    "供应链数据服务平台",
    "远程运维服务平台",
    "智慧港区调度平台",
    "医疗影像协同平台",
    "中小企业云服务平台",
)
CATEGORIES = ("工业", "基础", "行业应用", "信息安全", "支撑工具", "嵌入式", "核心")
DIRECTIONS = ("互联网+制造", "互联网+交通物流", "互联网+医疗健康", "互联网+公共服务", "平台经济", "数据要素")


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


def sbc_answers(one: Company, *, number: int, year: int, sales_from: date, asof: date, flaw: str = "") -> Filled:
    """A 软件首版次 application: product, rights, one to three contracts, test report."""
    dice = random.Random(f"sbc:{number}")
    product = product_name(one, number)
    version = f"V{1 + number % 4}.{number % 10}"
    contracts = [_contract(dice, one, number, n, product, version, sales_from, flaw) for n in range(1, 2 + number % 3)]
    base = sum(min(cells["software"], cells["invoiced"], cells["received"]) for _, cells in contracts)
    entitled = min(base * 3 // 10, yuan(4_000_000)) // WAN * WAN
    developed_on = sales_from - timedelta(days=40)
    report_on = asof - timedelta(days=900) if flaw == "old_report" else sales_from - timedelta(days=12)
    answers = {
        **organisation_answers(one, year).answers,
        "product_name": product,
        "version": version,
        "category": CATEGORIES[number % len(CATEGORIES)],
        "release_date": (sales_from - timedelta(days=5)).isoformat(),
        "dev_done_date": developed_on.isoformat(),
        "dev_mode": "自主",
        "tech_summary": _essay(
            number, product, "面向离散制造企业的生产现场，采用统一的数据模型和自主研制的求解内核", 210
        ),
        "breakthrough": _essay(number + 3, product, "突破了大规模约束条件下的快速求解与增量重算", 110),
        "domestic_env": ["国产操作系统", "国产数据库"],
        "rd_invest": (90 if number % 9 == 4 else 260 + number % 40) * WAN,
        "lab_name": "虚构软件测评中心",
        "lab_cma": f"0000000{number % 100_000:05d}",
        "lab_cnas": f"L{number % 10_000:04d}",
        "report_no": f"TST-{report_on.year}-{number:04d}",
        "report_date": report_on.isoformat(),
        "tested_name": f"{product}企业版" if flaw == "name_differs" else product,
        "tested_version": version,
        "conclusion": "被测软件的功能、性能和安全性测试结果均符合需求规格说明。",
        "requested": entitled + (50 * WAN if flaw == "over_asked" else 0) or 15 * WAN,
        "commit_true": True,
        "commit_no_dup": True,
        "credit_auth": True,
    }
    rows = {
        **organisation_answers(one, year).rows,
        "benchmarks": [
            (
                f"r{n}",
                {"metric": metric, "ours": ours, "domestic": domestic, "foreign": foreign, "source": "第三方测试报告"},
            )
            for n, (metric, ours, domestic, foreign) in enumerate(
                (
                    ("万级任务求解时间", "18 秒", "95 秒", "22 秒"),
                    ("并发会话数", "5,000", "1,200", "4,000"),
                    ("增量重算时间", "0.6 秒", "不支持", "0.9 秒"),
                ),
                1,
            )
        ],
        "copyrights": [
            (
                "r1",
                {
                    "reg_no": f"{developed_on.year}SR{number:07d}",
                    "full_name": product,
                    "reg_version": version,
                    "holders": [one.name],
                    "developed_on": developed_on.isoformat(),
                    "registered_on": (developed_on + timedelta(days=21)).isoformat(),
                },
            )
        ],
        "contracts": contracts,
        "uses": [
            (
                row_id,
                {
                    "user": cells["buyer"],
                    "scenario": "总装车间多品种小批量排产",
                    "effect": "计划编制时间由 6 小时缩短到 20 分钟，设备利用率提高 9 个百分点。",
                    "reported_on": (asof - timedelta(days=70)).isoformat(),
                },
            )
            for row_id, cells in contracts
        ],
    }
    slots = ("a1", "a2", "a3", "a4", "a5", "a10", "a11", "a12", "a13", "a15")
    per_contract = tuple((slot, row_id) for row_id, _ in contracts for slot in ("a6", "a7", "a8", "a9"))
    return Filled(answers, rows, tuple((slot, "") for slot in slots) + per_contract)


def hlw_answers(one: Company, *, number: int, year: int, start_on: date, flaw: str = "") -> Filled:
    """A "互联网+" application: project, technology, budget that ties, indicators, security."""
    dice = random.Random(f"hlw:{number}")
    track = "E" if number % 4 == 3 else "P"
    total = (3 if flaw == "too_small" else 8 + dice.randrange(24)) * 100 * WAN
    equipment, software = total * 4 // 10 // WAN * WAN, total * 4 // 10 // WAN * WAN
    other = total - equipment - software
    asked = min(total * (5 if track == "E" else 3) // 10, (300 if track == "E" else 800) * WAN) // WAN * WAN
    loan = 0 if number % 3 else total // 10 // WAN * WAN
    asked = min(asked, total - loan - (total * (5 if track == "E" else 7) // 10) + loan)
    if flaw == "self_raised":
        asked = min(total * 6 // 10, 1_000 * WAN)
    own = total - loan - asked
    name = project_name(one, number)
    answers = {
        **organisation_answers(one, year).answers,
        "proj_name": name,
        "track": track,
        "direction": DIRECTIONS[number % len(DIRECTIONS)],
        "site_district": one.district,
        "start_date": start_on.isoformat(),
        "end_date": (start_on + timedelta(days=600)).isoformat(),
        "progress": "100" if flaw == "finished" else str(10 + number % 50),
        "builds_and_owns": True,
        "summary": _essay(number, name, "以统一的数据模型接入设备与业务系统，建设协同服务平台", 210),
        "goals": _essay(number + 1, name, "建成后面向同行业中小企业开放服务", 60),
        "current_state": _essay(number + 2, name, "现有系统分散、数据口径不一，维护以事后抢修为主", 60),
        "architecture": _essay(number + 4, name, "由边缘采集、云端分析和行业应用三层构成", 60),
        "innovation": _essay(number + 5, name, "由按期维护改为按剩余寿命安排维护，平台按效果结算", 60),
        "tech_route": _essay(number + 6, name, "先试点后推广，分三个里程碑完成接入、建模与推广", 60),
        "total_invest": total - (WAN if flaw == "sums_differ" else 0),
        "own_funds": own,
        "bank_loan": loan,
        "district_match": None,
        "other_gov": None,
        "requested": asked,
        "proof_amount": (own + loan) // 2,
        "mlps_level": "二",
        "mlps_filing_no": f"3100{number:07d}",
        "personal_info_scale": "1万以下",
        "pia_done": True,
        "data_location": "境外" if flaw == "abroad" else "境内",
        "commit_true": True,
        "commit_no_dup": True,
        "credit_auth": True,
    }
    item = "场地与土地购置" if flaw == "forbidden_cost" else "平台软件开发"
    kinds = (*INDICATOR_KINDS[:4], "经济效益") if flaw == "few_indicators" else INDICATOR_KINDS
    rows = {
        **organisation_answers(one, year).rows,
        "milestones": [
            (
                f"r{n}",
                {
                    "name": label,
                    "from": (start_on + timedelta(days=200 * (n - 1))).isoformat(),
                    "to": (start_on + timedelta(days=200 * n)).isoformat(),
                    "deliverable": f"{label}报告",
                },
            )
            for n, label in enumerate(("接入试点", "平台建设", "推广验收"), 1)
        ],
        "budget": [
            _cost("r1", "设备购置", "边缘采集终端", equipment),
            _cost("r2", "软件开发", item, software),
            _cost("r3", "系统集成", "工厂接入与集成", other),
        ],
        "indicators": [
            (
                f"r{n}",
                {
                    "indicator_kind": kind,
                    "name": f"{kind}指标",
                    "unit": "项",
                    "baseline": "0",
                    "target": str(10 + n),
                    "method": "查阅运行记录与第三方报告",
                },
            )
            for n, kind in enumerate(kinds, 1)
        ],
        "audited_years": [
            (f"r{n}", {"audited_year": year - back, "auditor": "虚构会计师事务所", "opinion": "标准无保留"})
            for n, back in enumerate((2, 1), 1)
        ],
    }
    slots = ("b1", "b2", "b4", "b5", "b6", "b7", "b8", "b12", "b13", "b14")
    return Filled(answers, rows, (*((slot, "") for slot in slots), ("b3", "r1"), ("b3", "r2")))


def product_name(one: Company, number: int) -> str:
    """The product of application ``number``."""
    return f"{one.name[:4]}{PRODUCTS[number % len(PRODUCTS)]}"


def project_name(one: Company, number: int) -> str:
    """The project of application ``number``."""
    return f"{one.name[:4]}{PROJECTS[number % len(PROJECTS)]}"


INDICATOR_KINDS = ("产出数量", "产出质量", "产出时效", "经济效益", "社会效益")


def _contract(
    dice: random.Random, one: Company, number: int, n: int, product: str, version: str, sales_from: date, flaw: str
) -> tuple[str, dict[str, Any]]:
    software = (8 if flaw == "low_sales" else 60 + dice.randrange(180)) * WAN
    buyer = one if flaw == "self_sale" and n == 1 else company(200 + (number * 3 + n) % 90)
    signed = sales_from + timedelta(days=20 * n + number % 15)
    billed = number - USED_BY if flaw == "used_invoice" and n == 1 else number
    invoiced_on = sales_from - timedelta(days=5) if flaw == "late_window" and n == 1 else signed + timedelta(days=30)
    return f"r{n}", {
        "contract_no": f"SL-{signed.year}-{number:05d}-{n}",
        "sold_name": product,
        "sold_version": version.removeprefix("V"),
        "buyer": buyer.name,
        "buyer_abroad": False,
        "buyer_uscc": buyer.uscc,
        "related": number % 11 == 5 and n == 1,
        "signed_on": signed.isoformat(),
        "total_with_vat": software * 113 // 100,
        "software": software,
        "first_invoice_on": invoiced_on.isoformat(),
        "invoice_nos": [f"3100{billed:07d}{n}{k}" for k in (1, 2)],
        "invoiced": software,
        "first_received_on": (signed + timedelta(days=45)).isoformat(),
        "received": software * 12 // 10 if flaw == "wrong_order" and n == 1 else software * 9 // 10,
    }


def _cost(row_id: str, kind: str, item: str, amount: int) -> tuple[str, dict[str, Any]]:
    return row_id, {"cost_kind": kind, "item": item, "amount": amount, "spent_before_start": 0, "eligible": amount}


def _essay(number: int, subject: str, core: str, at_least: int) -> str:
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
