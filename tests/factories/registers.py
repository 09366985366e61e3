"""Snapshots of registers for tests."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from grants.kernel.actor import SYSTEM
from grants.registers.models import RegisterSnapshot
from grants.registers.services import import_snapshot

SOUND_ENTRY = {"in_shanghai": True, "status": "存续", "abnormal": False, "founded_on": "2015-06-01"}
ASOF = date(2026, 3, 1)
IMPORTED_AT = datetime.fromisoformat("2026-03-01T20:00:00+08:00")


def make_snapshot(
    session: Session,
    register: str,
    records: Iterable[tuple[str, Mapping[str, Any]]] = (),
    *,
    asof_on: date = ASOF,
    now: datetime = IMPORTED_AT,
) -> RegisterSnapshot:
    """One import of a register."""
    return import_snapshot(
        session, register, source=f"示例{register}登记库", asof_on=asof_on, records=records, actor=SYSTEM, now=now
    )


def make_registers(session: Session, *usccs: str, leave_out: Iterable[str] = (), **rows: Any) -> None:
    """All registers, sound for these codes; ``rows`` gives a register's records instead, ``leave_out`` makes none."""
    for register in {"reg", "credits", "penalties", "funded", "projects", "bans"} - set(leave_out):
        sound = [(uscc, SOUND_ENTRY) for uscc in usccs] if register == "reg" else []
        make_snapshot(session, register, rows.get(register, sound))
