import pytest

from grants.kernel.rules import Kind
from grants.kernel.uscc import make_uscc
from grants.programmes.domain.names import EVIDENCE
from grants.registers.domain import REGISTERS, Column, find_faults, readable

USCC = make_uscc("91310115", "MA1K0001")
KINDS = {Column.TEXT: Kind.TEXT, Column.YES_NO: Kind.YES_NO, Column.DAY: Kind.DATE, Column.WHOLE: Kind.NUMBER}


@pytest.mark.parametrize("key", sorted(REGISTERS))
def test_registers_have_the_columns_that_rules_may_read(key):
    columns = {name: KINDS[column] for name, column in REGISTERS[key].columns.items()}

    assert columns == dict(EVIDENCE[key].columns)
    assert REGISTERS[key].single == EVIDENCE[key].single


def test_credit_and_penalty_registers_need_the_authorisation():
    wanted = frozenset({"reg", "credits", "penalties", "claims"})

    assert readable(wanted, authorised=False) == {"reg"}
    assert readable(wanted, authorised=True) == {"reg", "credits", "penalties"}


@pytest.mark.parametrize(
    ("register", "record", "message"),
    [
        ("bans", {"starts_on": "2026-02-30"}, "“starts_on”的值不正确"),
        ("bans", {"starts_on": "2026-2-3"}, "“starts_on”的值不正确"),
        ("funded", {"year": True}, "“year”的值不正确"),
        ("reg", {"abnormal": "否"}, "“abnormal”的值不正确"),
        ("reg", {"abnormality": False}, "没有“abnormality”这一列"),
    ],
)
def test_a_malformed_record_is_told(register, record, message):
    assert [fault.message for fault in find_faults(REGISTERS[register], [(USCC, record)])] == [message]


def test_all_faults_are_told_with_their_lines():
    records = [("91310115MA1K00015X", {}), (USCC, {}), (USCC.lower(), {})]

    faults = find_faults(REGISTERS["reg"], records)

    assert [(fault.line, fault.message) for fault in faults] == [
        (1, "统一社会信用代码不正确"),
        (3, "同一统一社会信用代码出现两次"),
    ]
