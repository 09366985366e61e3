"""Registers in the words of a page: reasons, states, how old what they say is, what an import would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.kernel.clock import local_date
from grants.kernel.sheets import csv_bytes
from grants.registers.domain import REGISTERS, Circuit, Column, Register, RegisterService, label_of
from grants.registers.models import RegisterSnapshot
from grants.registers.states import Adapter, CircuitState

REASONS: dict[str, object] = {
    "register_unknown": _l("没有这种登记信息，没有导入。"),
    "register_malformed": _l("登记信息的内容不符合格式，没有导入。"),
    "register_is_asked": _l("这种登记信息由接口提供，不接受导入。"),
    "register_import_future": _l("数据截至日期不能晚于今天，请核对。"),
    "register_import_source": _l("请写明数据来源，不超过 %(limit)s 字。"),
    "register_import_busy": _l("文件正在读取或核对，请稍候再操作。"),
    "register_import_not_ready": _l("文件还没有核对完毕，不能导入。请刷新查看最新状态。"),
    "register_import_ended": _l("这次导入已经结束，不能再改动。"),
    "register_import_outdated": _l("核对以后又有新的数据导入，所列差异已不准确，没有导入。请重新比较后再确认。"),
    "register_import_unconfirmed": _l("这次导入会使大量记录消失。确认无误的，请勾选确认后再导入。"),
    "register_import_failed": _l("系统没能读完这个文件。请稍后重新上传；仍不成功的，请联系运维人员。"),
    "register_mapping_without_code": _l("请选择哪一列是统一社会信用代码。"),
    "register_mapping_twice": _l("同一列不能对应两个项目，请改选。"),
    "register_mapping_unknown": _l("所选的列不在文件中，请重新选择。"),
    "table_kind": _l("只接受 CSV 或 XLSX 文件。请另存为其中一种后重新选择。"),
    "table_empty": _l("文件中没有可以导入的记录。请核对后重新上传。"),
    "table_encoding": _l("无法识别文件的文字编码。请另存为 UTF-8 编码的 CSV，或 XLSX 后重新上传。"),
    "table_broken": _l("文件的引号不成对，或有过长的单元格，无法分列。请用表格软件打开检查，另存后重新上传。"),
    "table_too_large": _l("文件超过 20 万行或 300 万个单元格。请拆分或删去无关的列后重新上传。"),
}

STATES: dict[str, tuple[str, object]] = {
    "register_import.received": ("run", _l("正在读取")),
    "register_import.unmapped": ("act", _l("待确认列")),
    "register_import.judging": ("run", _l("正在核对")),
    "register_import.faulty": ("law", _l("有错误")),
    "register_import.ready": ("act", _l("待确认导入")),
    "register_import.failed": ("law", _l("读取失败")),
    "register_import.taken": ("ok", _l("已导入")),
    "register_import.discarded": ("end", _l("已放弃")),
    "circuit.closed": ("ok", _l("正常")),
    "circuit.half_open": ("act", _l("待恢复，正在试探")),
    "circuit.open": ("law", _l("暂停查询")),
}

KINDS: Mapping[Column, object] = {
    Column.TEXT: _l("文字"),
    Column.YES_NO: _l("是或否"),
    Column.DAY: _l("日期"),
    Column.WHOLE: _l("整数"),
}
FAILURES: Mapping[str, object] = {
    "timed_out": _l("超时"),
    "unreachable": _l("连接不上"),
    "untrusted": _l("证书无效"),
    "malformed": _l("答复不符合约定"),
    "too_large": _l("答复过大"),
    "unexpected": _l("查询出错"),
}
FAULTS_SHOWN = 200  # on the page; the file for download has all that were kept
OLD_DAYS = 31  # from here on a snapshot is called old


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A register as the list shows it."""

    key: str
    label: str
    adapter: Adapter
    source: str
    snapshot: RegisterSnapshot | None
    age_days: int | None
    state: CircuitState
    circuit: Circuit
    needs_authorisation: bool

    @property
    def is_old(self) -> bool:
        """Whether the newest snapshot should be replaced soon."""
        return self.age_days is not None and self.age_days > OLD_DAYS


def register_lines(
    snapshots: Sequence[RegisterSnapshot],
    circuits: Mapping[str, Circuit],
    services: Mapping[str, RegisterService],
    *,
    now: datetime,
) -> list[RegisterLine]:
    """All registers, in the order of their table."""
    newest = {snapshot.register: snapshot for snapshot in snapshots}
    return [
        _line(register, newest.get(key), circuits.get(key, Circuit()), services.get(key), now=now)
        for key, register in REGISTERS.items()
    ]


def failure_words(failure: str) -> str:
    """Why a service was last of no use."""
    if failure.startswith("status_"):
        return _("返回错误状态 %(status)s", status=failure.removeprefix("status_"))
    return str(FAILURES.get(failure, failure))


def column_rows(register: Register) -> list[tuple[str, str, object]]:
    """(key, label, kind in words) of each column of a register."""
    return [(key, label_of(register, key), KINDS[column]) for key, column in register.columns.items()]


def value_words(value: Any) -> str:
    """A value of a record."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def record_words(register: Register, record: Mapping[str, Any]) -> str:
    """One record in a line: 登记状态：存续；成立日期：2015-06-01. What is not known is left out."""
    known = ((key, record.get(key)) for key in register.columns)
    told = [f"{label_of(register, key)}：{value_words(value)}" for key, value in known if value not in (None, "")]
    return "；".join(told) or _("（没有内容）")


def faults_csv(faults: Sequence[Mapping[str, Any]]) -> bytes:
    """The faults of a table, one to a line, for a spreadsheet."""
    rows = ((str(fault["line"]), str(fault["column"]), str(fault["message"])) for fault in faults)
    return csv_bytes((_("行"), _("列"), _("原因")), rows)


def change_words(register: Register, example: Mapping[str, Any]) -> list[str]:
    """What changes for one code: of a single record column by column, else the rows that go and come."""
    before, after = example["before"], example["after"]
    if register.single:
        was, becomes = (before or [{}])[0], (after or [{}])[0]
        return [
            f"{label_of(register, key)}：{value_words(was.get(key))} → {value_words(becomes.get(key))}"
            for key in register.columns
            if was.get(key) != becomes.get(key)
        ]
    gone = [_("减少 %(record)s", record=record_words(register, one)) for one in before if one not in after]
    come = [_("增加 %(record)s", record=record_words(register, one)) for one in after if one not in before]
    return [*gone, *come] or [_("记录条数由 %(was)s 变为 %(is)s", **{"was": len(before), "is": len(after)})]


def _line(
    register: Register,
    snapshot: RegisterSnapshot | None,
    circuit: Circuit,
    service: RegisterService | None,
    *,
    now: datetime,
) -> RegisterLine:
    shown = None if service else snapshot
    return RegisterLine(
        key=register.key,
        label=register.label,
        adapter=Adapter.ASKED if service else Adapter.IMPORTED,
        source=service.source if service else (shown.source if shown else ""),
        snapshot=shown,
        age_days=_age(shown.asof_on, now) if shown else None,
        state=circuit.state(now),
        circuit=circuit,
        needs_authorisation=register.needs_authorisation,
    )


def _age(day: date, now: datetime) -> int:
    return (local_date(now) - day).days
