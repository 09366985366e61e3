"""Complete, plausible answers for ``hlw``, in the stored form of ``programmes.domain`` (money in fen)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from grants.demo.answers.material import WAN, Filled, essay, organisation_answers
from grants.demo.answers.wording import project_text
from grants.demo.companies import Company

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
PROJECTS = (
    "设备协同与预测维护平台",
    "供应链数据服务平台",
    "远程运维服务平台",
    "智慧港区调度平台",
    "医疗影像协同平台",
    "中小企业云服务平台",
)
DIRECTIONS = ("互联网+制造", "互联网+交通物流", "互联网+医疗健康", "互联网+公共服务", "平台经济", "数据要素")
INDICATOR_KINDS = ("产出数量", "产出质量", "产出时效", "经济效益", "社会效益")


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
    if number % 4 == 1:
        asked = asked * 9 // 10 // WAN * WAN  # asks for less than it may
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
        "summary": project_text(number, "summary", name, 210),
        "goals": essay(number + 1, name, "建成后面向同行业中小企业开放服务", 60),
        "current_state": essay(number + 2, name, "现有系统分散、数据口径不一，维护以事后抢修为主", 60),
        "architecture": essay(number + 4, name, "由边缘采集、云端分析和行业应用三层构成", 60),
        "innovation": project_text(number, "innovation", name, 90),
        "tech_route": essay(number + 6, name, "先试点后推广，分三个里程碑完成接入、建模与推广", 60),
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


def project_name(one: Company, number: int) -> str:
    """The project of application ``number``."""
    return f"{one.name[:4]}{PROJECTS[number % len(PROJECTS)]}"


def _cost(row_id: str, kind: str, item: str, amount: int) -> tuple[str, dict[str, Any]]:
    return row_id, {"cost_kind": kind, "item": item, "amount": amount, "spent_before_start": 0, "eligible": amount}
