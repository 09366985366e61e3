from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from grants.kernel.actor import SYSTEM
from grants.kernel.uscc import make_uscc
from grants.registers.errors import MalformedRecordsError, UnknownRegisterError
from grants.registers.models import RegisterRecord, RegisterSnapshot
from grants.registers.services import collect, import_snapshot
from tests.factories.registers import SOUND_ENTRY, make_snapshot

USCC = make_uscc("91310115", "MA1K0001")
OTHER = make_uscc("91310115", "MA1K0002")
ALL = frozenset({"reg", "credits", "penalties", "funded", "projects", "bans"})


def read(session, now, *, registers=ALL, authorised=True, uscc=USCC):
    return collect(session, uscc, registers=registers, authorised=authorised, now=now)


def test_a_register_without_snapshot_is_unknown(session, now):
    assert read(session, now) == dict.fromkeys(ALL)


def test_a_code_the_business_register_does_not_have_is_unknown(session, now):
    make_snapshot(session, "reg", [(OTHER, SOUND_ENTRY)])

    assert read(session, now, registers=frozenset({"reg"})) == {"reg": None}


def test_no_rows_are_a_finding_not_a_gap(session, now):
    snapshot = make_snapshot(session, "bans", [(OTHER, {"starts_on": "2025-01-01"})])

    evidence = read(session, now, registers=frozenset({"bans"}))

    known = {"source": "示例bans登记库", "asof": "2026-03-01", "ref": str(snapshot.id), "rows": []}
    assert evidence == {"bans": known}


def test_credit_registers_are_not_read_without_authorisation(session, now):
    make_snapshot(session, "credits", [(USCC, {"severe": True, "active": True})])

    assert "credits" not in read(session, now, authorised=False)
    assert read(session, now)["credits"]["rows"] == [{"severe": True, "active": True}]


def test_the_newest_snapshot_counts_and_none_of_the_future(session, now):
    make_snapshot(session, "reg", [(USCC, {**SOUND_ENTRY, "status": "注销"})], asof_on=date(2026, 2, 1))
    make_snapshot(session, "reg", [(USCC, SOUND_ENTRY)])
    make_snapshot(session, "reg", [(USCC, {**SOUND_ENTRY, "status": "吊销"})], asof_on=date(2026, 9, 1))

    evidence = read(session, now, registers=frozenset({"reg"}))

    assert evidence["reg"]["record"]["status"] == "存续"
    assert evidence["reg"]["asof"] == "2026-03-01"


def test_of_two_imports_as_of_one_day_the_later_counts(session, now):
    make_snapshot(session, "reg", [(USCC, SOUND_ENTRY)])
    later = datetime.fromisoformat("2026-03-02T08:00:00+08:00")
    make_snapshot(session, "reg", [(USCC, {**SOUND_ENTRY, "abnormal": True})], now=later)

    assert read(session, now, registers=frozenset({"reg"}))["reg"]["record"]["abnormal"] is True


def test_a_lower_case_code_is_found(session, now):
    make_snapshot(session, "reg", [(USCC.lower(), SOUND_ENTRY)])

    assert read(session, now, registers=frozenset({"reg"}))["reg"]["record"] == SOUND_ENTRY


def test_a_faulty_import_changes_nothing(session, now):
    records = [(USCC, {"starts_on": "2026-01-01"}), (OTHER, {"starts_on": "last year"})]

    with pytest.raises(MalformedRecordsError) as refused:
        import_snapshot(
            session, "bans", source="示例", asof_on=date(2026, 3, 1), records=records, actor=SYSTEM, now=now
        )

    assert refused.value.facts["faults"] == [{"line": 2, "message": "“starts_on”的值不正确"}]
    assert session.scalar(select(func.count()).select_from(RegisterRecord)) == 0
    assert session.scalar(select(func.count()).select_from(RegisterSnapshot)) == 0


def test_an_unknown_register_is_refused(session, now):
    with pytest.raises(UnknownRegisterError):
        import_snapshot(session, "rumours", source="示例", asof_on=date(2026, 3, 1), records=[], actor=SYSTEM, now=now)
