import pytest

from grants.kernel.uscc import make_uscc
from grants.registers.domain.cells import CellError, read_cell, read_code
from grants.registers.domain.registers import Column

USCC = make_uscc("91310115", "MA1K0001")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (Column.DAY, "2026-03-05", "2026-03-05"),
        (Column.DAY, "2026/3/5", "2026-03-05"),
        (Column.DAY, " 2026.03.05 ", "2026-03-05"),
        (Column.DAY, "20260305", "2026-03-05"),
        (Column.DAY, "２０２６年３月５日", "2026-03-05"),
        (Column.DAY, "2026-03-05 00:00:00", "2026-03-05"),
        (Column.DAY, "长期", None),
        (Column.DAY, "—", None),
        (Column.YES_NO, "是", True),
        (Column.YES_NO, "有", True),
        (Column.YES_NO, "Y", True),
        (Column.YES_NO, "已修复", True),
        (Column.YES_NO, "TRUE", True),
        (Column.YES_NO, "无", False),
        (Column.YES_NO, "未验收", False),
        (Column.YES_NO, "0", False),
        (Column.YES_NO, "未知", None),
        (Column.YES_NO, "", None),
        (Column.WHOLE, "2025", 2025),
        (Column.WHOLE, "2025年", 2025),
        (Column.WHOLE, "1,250", 1250),
        (Column.WHOLE, "2025.0", 2025),
        (Column.TEXT, "  示例\t产品 ", "示例 产品"),
        (Column.TEXT, "示\u200b例\x00", "示例"),
        (Column.TEXT, '="0012"', "0012"),
        (Column.TEXT, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (Column.TEXT, "N/A", None),
    ],
)
def test_a_cell_is_read_as_people_write_it(column, cell, value):
    assert read_cell(column, cell) == value


@pytest.mark.parametrize(
    ("column", "cell", "part"),
    [
        (Column.DAY, "2026-02-30", "不存在"),
        (Column.DAY, "去年", "不是日期"),
        (Column.DAY, "46086", "不是日期"),
        (Column.DAY, "1026-01-01", "不在"),
        (Column.YES_NO, "或许", "应为"),
        (Column.WHOLE, "两千", "不是整数"),
        (Column.WHOLE, "2025.5", "不是整数"),
        (Column.WHOLE, "1" * 20, "太大"),
        (Column.TEXT, "=HYPERLINK(1)", "公式"),
        (Column.YES_NO, "=1=1", "公式"),
        (Column.TEXT, "长" * 301, "超过"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(column, cell, part):
    with pytest.raises(CellError, match=part):
        read_cell(column, cell)


@pytest.mark.parametrize("cell", [USCC, USCC.lower(), f" {USCC} ", f'="{USCC}"', f"{USCC[:8]} {USCC[8:]}"])
def test_a_code_is_read_however_it_is_written(cell):
    assert read_code(cell) == USCC


@pytest.mark.parametrize(
    ("cell", "part"), [("", "没有填写"), ("91310115MA1K00015X", "不是有效"), ("9.1E+17", "不是有效")]
)
def test_a_wrong_code_is_told(cell, part):
    with pytest.raises(CellError, match=part):
        read_code(cell)
