import pytest

from grants.kernel.uscc import make_uscc
from grants.registers.domain import REGISTERS, find_headings, guess_mapping, heading_texts, label_of, read_sheet
from grants.registers.domain.headings import USCC as CODE
from grants.registers.domain.sheets import MAX_FAULTS

USCC = make_uscc("91310115", "MA1K0001")
OTHER = make_uscc("91310115", "MA1K0002")
BANS, REG, COPYRIGHTS = REGISTERS["bans"], REGISTERS["reg"], REGISTERS["sw_copyrights"]


def read(register, *lines):
    headings = heading_texts(lines[0])
    return read_sheet(register, list(enumerate(lines[1:], 2)), headings, guess_mapping(register, headings))


@pytest.mark.parametrize("key", sorted(REGISTERS))
def test_every_column_is_found_by_its_own_label(key):
    register = REGISTERS[key]
    labels = [label_of(register, column) for column in (CODE, *register.columns)]

    assert guess_mapping(register, labels) == {column: at for at, column in enumerate((CODE, *register.columns))}


def test_headings_are_told_apart_however_they_are_written():
    mapping = guess_mapping(BANS, ["序号", "单位名称", " 社会信用代码 ", "限制起始日期（年月日）"])

    assert mapping == {CODE: 2, "starts_on": 3}


def test_one_heading_fills_one_column():
    mapping = guess_mapping(COPYRIGHTS, ["统一社会信用代码", "登记号", "版本", "登记日期"])

    assert mapping == {CODE: 0, "right_no": 1, "right_version": 2, "right_from": 3}


def test_what_the_last_import_had_comes_first():
    headings = ["统一社会信用代码", "主体代码", "起始日期", "公布日"]

    assert guess_mapping(BANS, headings, {"uscc": "主体代码", "starts_on": "公布日"}) == {CODE: 1, "starts_on": 3}


def test_headings_are_found_below_a_title():
    lines = [
        (1, ["限制申报单位名单"]),
        (2, ["编制日期", "2026-03-01"]),
        (4, ["统一社会信用代码", "起始日期"]),
        (5, [USCC, "2025-01-01"]),
    ]

    assert find_headings(BANS, lines) == 2
    assert find_headings(BANS, []) is None
    assert find_headings(BANS, [(1, ["名单", ""]), (2, ["甲", "乙"]), (3, [USCC, "2025-01-01"])]) == 1


def test_lines_become_records():
    sheet = read(
        REG, ["信用代码", "经营状态", "成立日期", "经营异常"], [USCC, "存续", "2015年6月1日", "否"], ["", " ", "", ""]
    )

    assert sheet.fault_count == 0
    assert sheet.entries == [
        (
            USCC,
            {
                "in_shanghai": None,
                "status": "存续",
                "abnormal": False,
                "founded_on": "2015-06-01",
                "name": None,
                "district": None,
            },
        )
    ]


def test_every_bad_cell_is_named_with_line_column_and_reason():
    sheet = read(BANS, ["单位代码", "起始日期"], ["123", "去年"], [USCC, "2025-13-01"], [OTHER, "2025-01-01"], [OTHER])

    assert [(fault.line, fault.column) for fault in sheet.faults] == [(2, "单位代码"), (2, "起始日期"), (3, "起始日期")]
    assert "去年" in sheet.faults[1].message
    assert sheet.entries == [(OTHER, {"starts_on": "2025-01-01"}), (OTHER, {"starts_on": None})]


def test_a_code_comes_once_in_a_register_of_single_records():
    sheet = read(REG, ["统一社会信用代码", "状态"], [USCC, "存续"], [USCC.lower(), "注销"])

    assert [(fault.line, fault.column) for fault in sheet.faults] == [(3, "统一社会信用代码")]


def test_faults_are_all_counted_and_the_first_are_listed():
    sheet = read(BANS, ["统一社会信用代码", "起始日期"], *([["x", "y"]] * MAX_FAULTS))

    assert (sheet.fault_count, len(sheet.faults)) == (2 * MAX_FAULTS, MAX_FAULTS)
