"""What each register holds. Names and columns: interfaces.md, 3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """The JSON form of a column: text, true or false, ``YYYY-MM-DD``, a whole number. Any may be null: not known."""

    TEXT = "text"
    YES_NO = "yes_no"
    DAY = "day"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Register:
    """One register. ``single``: one record per credit code; otherwise any number of rows, none being a finding too.

    ``needs_authorisation``: read only for an enterprise that has signed the credit authorisation (decision 12).
    """

    key: str
    label: str
    columns: Mapping[str, Column]
    single: bool = False
    needs_authorisation: bool = False


REGISTERS: Mapping[str, Register] = {
    register.key: register
    for register in (
        Register(
            "reg",
            "市场主体登记信息",
            {
                "in_shanghai": Column.YES_NO,
                "status": Column.TEXT,
                "abnormal": Column.YES_NO,
                "founded_on": Column.DAY,
                "name": Column.TEXT,
                "district": Column.TEXT,
            },
            single=True,
        ),
        Register(
            "credits",
            "公共信用信息",
            {
                "severe": Column.YES_NO,
                "active": Column.YES_NO,
                "repaired": Column.YES_NO,
                "ended_on": Column.DAY,
            },
            needs_authorisation=True,
        ),
        Register(
            "penalties",
            "行政处罚信息",
            {"procedure": Column.TEXT, "decided_on": Column.DAY},
            needs_authorisation=True,
        ),
        Register(
            "sw_copyrights",
            "软件著作权登记信息",
            {
                "right_no": Column.TEXT,
                "right_name": Column.TEXT,
                "right_version": Column.TEXT,
                "right_from": Column.DAY,
            },
        ),
        Register(
            "funded",
            "财政支持记录",
            {
                "level": Column.TEXT,
                "programme": Column.TEXT,
                "project": Column.TEXT,
                "product": Column.TEXT,
                "product_version": Column.TEXT,
                "year": Column.WHOLE,
            },
        ),
        Register(
            "projects",
            "在研项目记录",
            {"fund": Column.TEXT, "project": Column.TEXT, "due_on": Column.DAY, "accepted": Column.YES_NO},
        ),
        Register("bans", "限制申报记录", {"starts_on": Column.DAY}),
        Register(
            "industry_codes",
            "国民经济行业登记信息",
            {"industry": Column.TEXT, "industry_name": Column.TEXT, "is_main": Column.YES_NO},
        ),
    )
}


def readable(registers: Iterable[str], *, authorised: bool) -> frozenset[str]:
    """Those of ``registers`` that may be read about an enterprise; unknown names are left out."""
    return frozenset(
        key for key in registers if key in REGISTERS and (authorised or not REGISTERS[key].needs_authorisation)
    )
