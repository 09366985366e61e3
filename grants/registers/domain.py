"""What each imported register holds, and what makes a record of it well formed. Names and columns: interfaces.md, 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from grants.kernel.uscc import valid_uscc


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
    )
}


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with one record of an import; ``line`` counts from one."""

    line: int
    message: str


def readable(registers: Iterable[str], *, authorised: bool) -> frozenset[str]:
    """Those of ``registers`` that may be read about an enterprise; unknown names are left out."""
    return frozenset(
        key for key in registers if key in REGISTERS and (authorised or not REGISTERS[key].needs_authorisation)
    )


def find_faults(register: Register, records: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[RecordFault, ...]:
    """Everything that is wrong with the records of an import, in order."""
    seen: set[str] = set()
    faults: list[RecordFault] = []
    for line, (uscc, record) in enumerate(records, 1):
        faults += (RecordFault(line, message) for message in _record_faults(register, uscc, record))
        if register.single and uscc.upper() in seen:
            faults.append(RecordFault(line, "同一统一社会信用代码出现两次"))
        seen.add(uscc.upper())
    return tuple(faults)


def _record_faults(register: Register, uscc: str, record: Mapping[str, Any]) -> Iterator[str]:
    if not valid_uscc(uscc):
        yield "统一社会信用代码不正确"
    for key in record.keys() - register.columns.keys():
        yield f"没有“{key}”这一列"
    for key, column in register.columns.items():
        if not _fits(column, record.get(key)):
            yield f"“{key}”的值不正确"


def _fits(column: Column, value: object) -> bool:
    if value is None:
        return True
    match column:
        case Column.TEXT:
            return isinstance(value, str)
        case Column.YES_NO:
            return isinstance(value, bool)
        case Column.WHOLE:
            return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) and _is_day(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
