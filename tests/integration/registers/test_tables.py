"""Uploaded tables, opened in the sandbox as administrators hand them in."""

import codecs
import io
from datetime import date

import pytest
import xlsxwriter

from grants.kernel.errors import InvalidError
from grants.registers.services import keep_table, kind_of, read_table

pytestmark = pytest.mark.single_database
HEAD, ROW = ["统一社会信用代码", "起始日期"], ["91310115MA1K00015K", "2025-01-01"]
TEXT = "\n".join(",".join(cells) for cells in (HEAD, ROW)) + "\n"


@pytest.fixture
def lines_of(tmp_path):
    def read(content, name="table.csv"):
        path = tmp_path / "table"
        path.write_bytes(content)
        return read_table(path, kind=kind_of(name))

    return read


def workbook(*rows, sheets=1):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, day)
                    else:
                        sheet.write(at, column, cell)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", ";").encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        '"统一社会信用代码","起始日期"\n"91310115MA1K00015K","2025-01-01"'.encode(),
    ],
)
def test_text_is_read_whatever_wrote_it(lines_of, content):
    assert lines_of(content) == [(1, HEAD), (2, ROW)]


def test_lines_keep_the_numbers_that_an_editor_shows(lines_of):
    content = '甲,乙\n\n"一\n二",1\n三,2\n'

    assert lines_of(content.encode()) == [(1, ["甲", "乙"]), (3, ["一\n二", "1"]), (5, ["三", "2"])]


def test_a_delimiter_within_a_text_does_not_mislead(lines_of):
    assert lines_of("甲;乙\n一,二,三;1\n".encode())[1] == (2, ["一,二,三", "1"])


def test_a_workbook_gives_its_first_sheet_as_people_type_it(lines_of):
    content = workbook(["代码", "日期", "是否", "年度"], ["A", date(2025, 1, 1), True, 2025], sheets=2)

    assert lines_of(content, "t.xlsx") == [
        (1, ["代码", "日期", "是否", "年度"]),
        (2, ["A", "2025-01-01", "是", "2025"]),
    ]


def test_a_formula_is_never_run(lines_of):
    content = workbook(["代码", "日期"], ["A", '=WEBSERVICE("http://127.0.0.1/")'])

    assert lines_of(content, "t.xlsx")[1] == (2, ["A", "0"])  # what the program that wrote it said


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "t.csv", "table_encoding"),
        ('甲,"乙\n'.encode() + b"a,b\n" * 9, "t.csv", "table_broken"),
        ('甲,"'.encode() + b"a" * 30_000, "t.csv", "table_broken"),
        (b"PK\x03\x04 no workbook", "t.xlsx", "file_truncated"),
        (b"a,b\n", "t.xlsx", "file_truncated"),
        (b"a,b\n" * 200_011, "t.csv", "table_too_large"),
    ],
)
def test_what_cannot_be_read_says_why(lines_of, content, name, code):
    with pytest.raises(InvalidError) as refused:
        lines_of(content, name)

    assert refused.value.code == code


@pytest.mark.parametrize("content", [b"", b"\n\n", codecs.BOM_UTF8])
def test_an_empty_table_has_no_lines(lines_of, content):
    assert lines_of(content) == []


@pytest.mark.parametrize("name", ["t.pdf", "t", "t.csv.exe", ".csv", "登记.xls"])
def test_other_kinds_are_not_taken(app, name):
    with pytest.raises(InvalidError) as refused:
        keep_table(b"a", name=name)

    assert refused.value.code == "table_kind"


def test_a_hundred_thousand_rows_are_read_in_bounded_time(lines_of):
    content = (TEXT + ",".join(ROW) + "\n" * 1 + (",".join(ROW) + "\n") * 99_998).encode()

    assert len(lines_of(content)) == 100_001
