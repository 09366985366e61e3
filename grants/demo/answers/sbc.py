"""Complete, plausible answers for ``sbc``, in the stored form of ``programmes.domain`` (money in fen)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from grants.demo.answers.material import WAN, Filled, essay, organisation_answers
from grants.demo.companies import Company, company
from grants.kernel.money import yuan

DEVELOPED_BEFORE = timedelta(days=40)  # the first sale
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
CATEGORIES = ("工业", "基础", "行业应用", "信息安全", "支撑工具", "嵌入式", "核心")


def sbc_answers(one: Company, *, number: int, year: int, sales_from: date, asof: date, flaw: str = "") -> Filled:
    """A 软件首版次 application: product, rights, one to three contracts, test report."""
    dice = random.Random(f"sbc:{number}")
    product = product_name(one, number)
    version = product_version(number)
    contracts = [_contract(dice, one, number, n, product, version, sales_from, flaw) for n in range(1, 2 + number % 3)]
    base = sum(min(cells["software"], cells["invoiced"], cells["received"]) for _, cells in contracts)
    entitled = min(base * 3 // 10, yuan(4_000_000)) // WAN * WAN
    developed_on = sales_from - DEVELOPED_BEFORE
    report_on = asof - timedelta(days=900) if flaw == "old_report" else sales_from - timedelta(days=12)
    answers = {
        **organisation_answers(one, year).answers,
        "product_name": product,
        "version": version,
        "category": CATEGORIES[number % len(CATEGORIES)],
        "release_date": (sales_from - timedelta(days=5)).isoformat(),
        "dev_done_date": developed_on.isoformat(),
        "dev_mode": "自主",
        "tech_summary": essay(
            number, product, "面向离散制造企业的生产现场，采用统一的数据模型和自主研制的求解内核", 210
        ),
        "breakthrough": essay(number + 3, product, "突破了大规模约束条件下的快速求解与增量重算", 110),
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
        "requested": _requested(entitled, number, flaw),
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
        "copyrights": [("r1", copyright_of(one, number, sales_from))],
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


def _requested(entitled: int, number: int, flaw: str) -> int:
    """Mostly what the rule gives, now and then a fifth less, and too much where that is the flaw; whole 万元."""
    if flaw == "over_asked":
        return entitled + 50 * WAN
    share = 8 if number % 4 == 1 else 10
    return entitled * share // 10 // WAN * WAN or 15 * WAN


def product_name(one: Company, number: int) -> str:
    """The product of application ``number``."""
    return f"{one.name[:4]}{PRODUCTS[number % len(PRODUCTS)]}"


def product_version(number: int) -> str:
    """The version of that product."""
    return f"V{1 + number % 4}.{number % 10}"


def copyright_of(one: Company, number: int, sales_from: date) -> dict[str, Any]:
    """The copyright in it, as its application names it and the register has it."""
    developed_on = sales_from - DEVELOPED_BEFORE
    return {
        "reg_no": f"{developed_on.year}SR{number:07d}",
        "full_name": product_name(one, number),
        "reg_version": product_version(number),
        "holders": [one.name],
        "developed_on": developed_on.isoformat(),
        "registered_on": (developed_on + timedelta(days=21)).isoformat(),
    }


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
