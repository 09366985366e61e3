"""What makes a record of a register well formed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.kernel.uscc import valid_uscc
from grants.registers.domain.registers import Column, Register

Entry = tuple[str, Mapping[str, Any]]  # a credit code, and what the register says of it


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with one record of an import; ``line`` counts from one."""

    line: int
    message: str


def find_faults(register: Register, records: Iterable[Entry]) -> tuple[RecordFault, ...]:
    """Everything that is wrong with the records of an import, in order."""
    seen: set[str] = set()
    faults: list[RecordFault] = []
    for line, (uscc, record) in enumerate(records, 1):
        faults += (RecordFault(line, message) for message in _record_faults(register, uscc, record))
        if register.single and uscc.upper() in seen:
            faults.append(RecordFault(line, "同一统一社会信用代码出现两次"))
        seen.add(uscc.upper())
    return tuple(faults)


def fits(column: Column, value: object) -> bool:
    """Whether a value has the column's JSON form; null always has."""
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


def _record_faults(register: Register, uscc: str, record: Mapping[str, Any]) -> Iterator[str]:
    if not valid_uscc(uscc):
        yield "统一社会信用代码不正确"
    for key in record.keys() - register.columns.keys():
        yield f"没有“{key}”这一列"
    for key, column in register.columns.items():
        if not fits(column, record.get(key)):
            yield f"“{key}”的值不正确"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
