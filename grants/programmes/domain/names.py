"""The names that rules of every programme may read besides their own fields: the call, the registers, the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grants.kernel.rules import Kind, Name

ORG = "org"
ROOTS = frozenset({"org", "call", "reg", "documents", "funding", "district"})
DETAIL = "detail"  # in messages of named checks: what the check found

CALL_NAMES: Mapping[str, Kind] = {
    "call.year": Kind.NUMBER,
    "call.ref": Kind.TEXT,
    "call.funds": Kind.LIST,
    "call.asof": Kind.DATE,
    "call.opens_at": Kind.INSTANT,
    "call.effective_close": Kind.INSTANT,
}
PROCESS_NAMES: Mapping[str, Kind] = {
    "submitted_at": Kind.INSTANT,
    "district.recommended": Kind.YES_NO,
    "funding.entitled": Kind.NUMBER,
}


@dataclass(frozen=True, slots=True)
class EvidenceShape:
    """What a register tells: one record, or rows, with these columns."""

    label: str
    columns: Mapping[str, Kind]
    single: bool = False
    told: Mapping[str, Kind] = field(default_factory=dict)  # what a row tells besides, for readers and not for rules


EVIDENCE: Mapping[str, EvidenceShape] = {
    "reg": EvidenceShape(
        "市场主体登记信息",
        {
            "in_shanghai": Kind.YES_NO,
            "status": Kind.TEXT,
            "abnormal": Kind.YES_NO,
            "founded_on": Kind.DATE,
            "name": Kind.TEXT,
            "district": Kind.TEXT,
        },
        single=True,
    ),
    "credits": EvidenceShape(
        "公共信用信息",
        {"severe": Kind.YES_NO, "active": Kind.YES_NO, "repaired": Kind.YES_NO, "ended_on": Kind.DATE},
    ),
    "penalties": EvidenceShape("行政处罚信息", {"procedure": Kind.TEXT, "decided_on": Kind.DATE}),
    "sw_copyrights": EvidenceShape(
        "软件著作权登记信息",
        {"right_no": Kind.TEXT, "right_name": Kind.TEXT, "right_version": Kind.TEXT, "right_from": Kind.DATE},
    ),
    "funded": EvidenceShape(
        "财政支持记录",
        {
            "level": Kind.TEXT,
            "programme": Kind.TEXT,
            "project": Kind.TEXT,
            "product": Kind.TEXT,
            "product_version": Kind.TEXT,
            "year": Kind.NUMBER,
        },
    ),
    "projects": EvidenceShape(
        "在研项目记录",
        {"fund": Kind.TEXT, "project": Kind.TEXT, "due_on": Kind.DATE, "accepted": Kind.YES_NO},
    ),
    "bans": EvidenceShape("限制申报记录", {"starts_on": Kind.DATE}),
    "industry_codes": EvidenceShape(
        "国民经济行业登记信息",
        {"industry": Kind.TEXT, "industry_name": Kind.TEXT, "is_main": Kind.YES_NO},
    ),
    "claims": EvidenceShape(
        "其他申报占用记录",
        {
            "kind": Kind.TEXT,
            "key": Kind.TEXT,
            "application": Kind.TEXT,
            "receipt_no": Kind.NUMBER,
            "call_ref": Kind.TEXT,
            "claimed_at": Kind.INSTANT,
            "year": Kind.NUMBER,
            "written_as": Kind.TEXT,
            "holds": Kind.YES_NO,
        },
    ),
    "earlier_texts": EvidenceShape(
        "历史申报文本比对",
        {"application": Kind.TEXT, "similarity": Kind.NUMBER, "declared_continuation": Kind.YES_NO},
        told={"revision": Kind.TEXT, "shared": Kind.NUMBER, "smaller": Kind.NUMBER, "stock": Kind.NUMBER},
    ),
    "files": EvidenceShape(
        "附件检验结果",
        {"document": Kind.TEXT, "row": Kind.TEXT, "pages": Kind.NUMBER, "sound": Kind.YES_NO, "sealed": Kind.YES_NO},
    ),
}


def general_names() -> dict[str, Name]:
    """Names every definition has, before its own."""
    names = {name: Name(kind) for name, kind in {**CALL_NAMES, **PROCESS_NAMES}.items()}
    for root, shape in EVIDENCE.items():
        columns = {key: Name(kind, evidence=True) for key, kind in shape.columns.items()}
        if shape.single:
            names.update({f"{root}.{key}": name for key, name in columns.items()})
        else:
            names[root] = Name(Kind.TABLE, columns, evidence=True)
    return names
