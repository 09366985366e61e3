"""Snapshots of registers for tests."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from grants import documents
from grants.accounts.models import Person
from grants.kernel.actor import SYSTEM
from grants.kernel.uscc import make_uscc
from grants.registers import services
from grants.registers.models import RegisterImport, RegisterSnapshot
from grants.registers.services import import_snapshot
from grants.registers.states import ImportState

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


def make_import(session: Session, person: Person, *, state: ImportState, register: str = "bans") -> RegisterImport:
    """An upload in a state, as the worker has left it; its table has one record more than the one in force."""
    file = documents.put_bytes(
        session, b"uscc,starts_on\n", name="registers.csv", content_type="text/csv", by=person.id, now=IMPORTED_AT
    )
    staged = RegisterSnapshot(
        register=register, source="示例来源", asof_on=ASOF, imported_at=IMPORTED_AT, records=1, staged=True
    )
    session.add(staged)
    session.flush()
    code = make_uscc("91310115", "MA1K0099")
    services.add_records(session, staged.id, [(code, {"starts_on": "2025-01-01"})])
    example = {"uscc": code, "before": [], "after": [{"starts_on": "2025-01-01"}]}
    made = RegisterImport(
        register=register,
        state=state,
        source="示例来源",
        asof_on=ASOF,
        file_id=file.id,
        file_name=file.name,
        number=1,
        headings=["统一社会信用代码", "限制起始日期"],
        samples=[[code, "2025-01-01"]],
        mapping={"uscc": 0, "starts_on": 1},
        records=1,
        faults=[{"line": 3, "column": "限制起始日期", "message": "“去年”不是日期"}],
        fault_count=1,
        difference={
            **{"added": 1, "removed": 0, "changed": 0, "unchanged": 0, "before": 0, "after": 1, "notable": False},
            "examples": {"added": [example], "removed": [], "changed": []},
        },
        snapshot_id=staged.id,
        uploaded_by=person.id,
        uploaded_at=IMPORTED_AT,
    )
    session.add(made)
    session.flush()
    return made
