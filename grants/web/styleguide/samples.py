"""Fictional content for the style guide: findings, states, steps, tables, charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SampleFinding:
    """The outcome of one rule, as ``programmes.domain`` gives it."""

    rule: str
    title: str
    verdict: str
    message: str = ""
    severity: str = "return"
    clause: str = ""
    remedy: str = ""
    read: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Mapping[str, str], ...] = ()
    due: bool = True
    cause: str | None = None


FINDINGS = {
    "pass": SampleFinding(
        "SBC-21",
        "软件金额合计不少于 50 万元",
        "pass",
        clause="指南二（6）",
        read=(("三份合同合计（元）", "4,400,000"),),
    ),
    "fail": SampleFinding(
        "SBC-16",
        "一个名称，一个版本",
        "fail",
        "测试报告的版本与申报版本不同",
        clause="指南二（5）；办法第二条",
        remedy="请测试机构出具 V1.4 的报告，或更正申报版本。",
        read=(("登记证书", "V1.4"), ("测试报告", "V1.3")),
    ),
    "unknown": SampleFinding(
        "SBC-07",
        "经营状态正常",
        "unknown",
        "登记信息暂未取得",
        clause="指南二（2）",
        remedy="系统会自动重试，取得后补判。暂不能判断不等于不符合。",
        evidence=({"source": "登记信息接口", "asof": "2026-11-22"},),
    ),
    "warn": SampleFinding("SBC-06", "信用代码以 31 开头", "fail", "不影响受理", severity="warn"),
    "na": SampleFinding("SBC-15", "第一著作权人", "not_applicable"),
    "later": SampleFinding("SBC-40", "收款账户与单位一致", "unknown", due=False),
}

ANCHORS = (
    {"level": "优", "words": "11.0 以上", "since": Decimal("11"), "text": "填补空白，有独立证据"},
    {"level": "良", "words": "9.0 起", "since": Decimal("9"), "text": "明显突破，证据较充分"},
    {"level": "中", "words": "7.0 起", "since": Decimal("7"), "text": "有改进，证据一般"},
    {"level": "差", "words": "7.0 以下", "since": Decimal("0"), "text": "无突破或无证据"},
)

STATES = (
    ("草稿", "", "edit"),
    ("已提交", "run", "up"),
    ("自动核验中", "run", "clock"),
    ("已核验", "run", "check"),
    ("退回补正", "act", "back"),
    ("区级初审中", "run", "half"),
    ("已受理", "run", "check"),
    ("评审中", "run", "half"),
    ("拟支持", "run", "flag"),
    ("公示中", "pub", "info"),
    ("异议处理中", "act", "scale"),
    ("已立项", "ok", "check"),
    ("已办结", "end", "lock"),
    ("已撤回", "end", "dash"),
    ("不予受理", "law", "cross"),
    ("不予支持", "end", "dash"),
    ("核验未完成", "act", "alert"),
    ("待人工确认", "act", "ask"),
)

STEPS = {
    "now": (
        {"label": "提交", "state": "done", "note": "11月6日"},
        {"label": "形式审查", "state": "now", "note": "还剩 1 个工作日"},
        {"label": "评审", "state": "", "note": "7 个工作日"},
        {"label": "公示", "state": "", "note": "5 个工作日"},
    ),
    "wait": (
        {"label": "提交", "state": "done", "note": "11月9日"},
        {"label": "形式审查", "state": "wait", "note": "11月24日前补正"},
        {"label": "评审", "state": "", "note": ""},
        {"label": "公示", "state": "", "note": ""},
    ),
    "stop": (
        {"label": "提交", "state": "done", "note": "11月2日"},
        {"label": "形式审查", "state": "done", "note": "11月10日"},
        {"label": "评审", "state": "stop", "note": "不予支持"},
    ),
}

SECTIONS = (
    {"label": "1. 单位基本情况", "note": "23 项已填全", "state": "done", "url": "#g8"},
    {"label": "2. 产品", "note": "14 项已填全", "state": "done", "url": "#g8"},
    {"label": "3. 首批销售合同", "note": "3 份合同，1 项需核对", "state": "warn", "url": "#g8", "current": True},
    {"label": "4. 应用成效", "note": "还差 1 份用户报告", "state": "bad", "url": "#g8"},
    {"label": "5. 申报材料", "note": "已传 14 份，还差 2 份", "state": "part", "url": "#g8"},
    {"label": "6. 申请与承诺", "state": "", "url": "#g8"},
)

FILES = (
    {"name": "a5-第三方测试报告.pdf", "meta": "4.1 MB · 26 页 · 18:20 已扫描，无病毒", "state": "ok", "url": "#g6"},
    {"name": "a12-上年度审计报告.pdf", "meta": "已传 6.3 MB，共 9.8 MB", "state": "busy", "progress": 64},
    {"name": "a13-研发投入归集说明.pdf", "meta": "已收到，正在扫描，可先填写其他内容", "state": "wait"},
    {
        "name": "a4-性能领先性说明.docx",
        "meta": "只接受 PDF。请另存为 PDF 后重新上传。",
        "state": "bad",
        "delete_url": "#g6",
    },
)

CONTRACTS = (
    {
        "id": "r1",
        "lead": "演示重工装备（上海）有限公司",
        "sub": "SL-2025-118",
        "cells": ("2025-07-18", "1,860,000"),
        "state": ("ok", "check", "纳入"),
        "edit_url": "#g7",
        "delete_url": "#g7",
    },
    {
        "id": "r2",
        "lead": "样例汽车零部件有限公司",
        "sub": "SL-2025-131",
        "cells": ("2025-09-02", "1,420,000"),
        "state": ("act", "ask", "需核对"),
    },
)

CASES = (
    (
        "c1",
        "示例智造软件（上海）有限公司",
        "示例图纸协同套件 V3.0",
        ("退回补正", "act", "back"),
        "240.00",
        "11月20日，超期",
        "late",
    ),
    ("c2", "拟名嵌入式系统有限公司", "拟名实时操作系统 V2.0", ("已受理", "run", "check"), "180.00", "11月23日", "soon"),
    ("c3", "模拟编译器技术有限公司", "模拟向量编译器 V3.1", ("已核验", "run", "check"), "128.00", "11月25日", ""),
)

CHARTS = {
    "bars": (("工业", 1486), ("核心", 902), ("基础", 668), ("行业应用", 540)),
    "ranges": (
        ("示例产线仿真平台", Decimal(88), Decimal("92.17"), Decimal(96)),
        ("样例三维内核", Decimal(80), Decimal("87"), Decimal(93)),
        ("例示列控仿真平台", Decimal(52), Decimal("69"), Decimal(84)),
    ),
    "districts": {"浦东新区": 7, "徐汇": 3, "闵行": 3, "310110": 2, "嘉定区": 2, "松江": 1},
    "months": (("10月", 6), ("11月", 23), ("12月", 40), ("2027年1月", 57), ("2月", 73), ("3月", 90)),
    "stages": (
        {
            "label": "受理申报",
            "start": 7,
            "end": 39,
            "kind": "pri",
            "from": "2026-10-13",
            "to": "2026-12-10",
            "days": 43,
        },
        {
            "label": "形式审查",
            "start": 39,
            "end": 50,
            "kind": "soft",
            "from": "2026-12-11",
            "to": "2026-12-29",
            "days": 13,
        },
        {"label": "公示", "start": 79, "end": 82, "kind": "law", "from": "2027-02-22", "to": "2027-02-26", "days": 5},
        {
            "label": "下达与拨付",
            "start": 84,
            "end": 96,
            "kind": "ok",
            "from": "2027-03-01",
            "to": "2027-03-26",
            "days": 20,
        },
    ),
}

SWATCHES = (
    ("ink", "正文"),
    ("muted", "次要"),
    ("line", "线"),
    ("ground", "底"),
    ("primary", "主色"),
    ("tint", "主色浅"),
    ("deep", "主色深"),
    ("cinnabar", "朱"),
    ("success", "通过"),
    ("caution", "提醒"),
    ("cautint", "提醒浅"),
    ("mark", "标记"),
)
