"""Blocks pasted from Excel, and prepared workbooks that come back filled in."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from html import unescape

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from grants import documents
from grants.accounts.models import Person
from grants.accounts.states import Level
from grants.applications import queries, services
from grants.applications.domain import table_mark
from grants.applications.domain.importing import ImportLine
from grants.applications.errors import RowChangedError, TableChangedError
from tests.factories.accounts import actor_of, make_member, sign_in
from tests.factories.applications import make_application, owner_of, plausible
from tests.support.statements import counted

MEGABYTE = 1024 * 1024
HEADING = "主管部门\t项目名称\t年度\t金额（万元）\t状态"
GOOD = "示例区科委\t示例项目\t2025\t1,234.56\t执行中"
TWO_GOOD = f"{HEADING}\r\n{GOOD}\r\n乙委\t乙项\t２０２４\t5万元\t已验收\r\n"
COLUMN = r'name="column" value="([^"]*)"|name="column".*?<option value="([^"]*)" selected'


@pytest.fixture
def visit(client, clock):
    """Sign the application's author in, unless somebody else is named, and go to one of its pages."""
    signed_in = []

    def go(session, application, path="", person=None, **request):
        session.commit()
        somebody = person or session.get_one(Person, application.created_by)
        if signed_in != [somebody]:
            signed_in[:] = [somebody]
            sign_in(client, somebody)
        method = "POST" if "data" in request else "GET"
        if "data" in request:
            request.setdefault("content_type", "multipart/form-data")
        return client.open(f"/apply/{application.id}/{path}", method=method, **request)

    return go


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def form_of(answer):
    """What the page of a block would send back untouched."""
    html = answer.get_data(as_text=True)
    body = html[html.index('<form class="sheet"') :]
    body = body[: body.index("</form>")]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "column" and (("radio" not in tag and "checkbox" not in tag) or "checked" in tag):
            fields[name[1]] = unescape(value[1]) if value else ""
    text = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', body, re.S)[1]
    fields["text"] = unescape(text).removeprefix("\r\n").removeprefix("\n")
    fields["column"] = [unescape(found[1] or found[2]) for found in re.finditer(COLUMN, body)]
    return fields


def pasted(visit, session, application, table, text, **more):
    return visit(session, application, f"tables/{table}/paste", data={"text": text, **more})


def taken(visit, session, application, table, page, **more):
    return visit(session, application, f"tables/{table}/paste", data={**form_of(page), "take": "1", **more})


def rows_of(session, application, table="other_support"):
    session.expire_all()
    draft = queries.load_draft(session, application)
    field = draft.definition.field(table)
    return [{column.key: draft.value(column.path, row) for column in field.columns} for row in draft.row_ids(field)]


def test_a_block_is_shown_first_and_then_taken_once(session, now, visit):
    application = make_application(session, now=now)

    page = pasted(visit, session, application, "other_support", TWO_GOOD)
    assert page.status_code == 200
    assert "将添加 2 行" in text_of(page)
    assert rows_of(session, application) == []
    first = taken(visit, session, application, "other_support", page)
    second = taken(visit, session, application, "other_support", page)

    assert (first.status_code, second.status_code) == (303, 303)
    assert rows_of(session, application) == [
        {"department": "示例区科委", "project": "示例项目", "year": 2025, "amount": 1_234_560_000, "state": "执行中"},
        {"department": "乙委", "project": "乙项", "year": 2024, "amount": 5_000_000, "state": "已验收"},
    ]


def test_every_bad_cell_is_named_and_the_good_rows_are_taken(session, now, visit):
    application = make_application(session, now=now)
    bad = "丙委\t丙项\t二〇二五\t很多\t不知道"

    page = pasted(visit, session, application, "other_support", f"{HEADING}\n{GOOD}\n{bad}\n")
    shown = text_of(page)
    left = taken(visit, session, application, "other_support", page)

    assert "第 3 行 年度：读到“二〇二五”。请填写数字" in shown
    assert "第 3 行 金额：读到“很多”。请填写金额数字" in shown
    assert "可填：已验收、执行中、申请中。" in shown
    assert "已添加 1 行。" in text_of(left)
    assert len(rows_of(session, application)) == 1
    kept = form_of(left)
    assert kept["text"].splitlines() == [HEADING, bad]
    mended = pasted(visit, session, application, "other_support", kept["text"].replace("二〇二五", "2025"))
    assert "读到“二〇二五”" not in text_of(mended)
    assert "读到“很多”" in text_of(mended)


def test_columns_can_be_matched_otherwise(session, now, visit):
    application = make_application(session, now=now)
    page = pasted(visit, session, application, "other_support", "甲项\t甲委\n")

    data = {**form_of(page), "column": ["project", "department"], "check": "1"}
    checked = visit(session, application, "tables/other_support/paste", data=data)
    unchecked = visit(session, application, "tables/other_support/paste", data={**data, "take": "1"})
    assert unchecked.status_code == 200, "what was not shown is not taken"
    assert rows_of(session, application) == []
    taken(visit, session, application, "other_support", checked)

    (row,) = rows_of(session, application)
    assert (row["department"], row["project"]) == ("甲委", "甲项")


def test_a_line_that_was_taken_for_a_heading_can_be_taken_in(session, now, visit):
    application = make_application(session, now=now)
    page = pasted(visit, session, application, "other_support", HEADING)

    checked = visit(
        session, application, "tables/other_support/paste", data={**form_of(page), "heading": "no", "check": "1"}
    )

    assert "读到“年度”" in text_of(checked)


def test_amounts_in_another_unit_are_not_taken_for_the_column(session, now, visit):
    application = make_application(session, now=now)

    page = pasted(visit, session, application, "other_support", "主管部门\t金额（元）\n甲委\t50000\n")

    assert "表头以“元”计，与本表的单位不同" in text_of(page)
    taken(visit, session, application, "other_support", page)
    assert [row["amount"] for row in rows_of(session, application)] == [None]


def test_dates_yes_no_lists_and_codes_as_people_write_them(session, now, visit):
    application = make_application(session, now=now)
    heading = "合同编号\t签订日期\t购买单位在境外\t发票号码\t是否关联方\t首笔到账日期"
    lines = [
        "甲\t2026/3/5\t否\t25312000000000000001、25312000000000000002\tN\t20260305",
        '乙\t2026年3月5日\t√\t"1\n2"\t有\t2026-03-05 00:00:00',
        "丙\t2026/13/5\t可能\t2.53E+19\t\t05-三月-26",
    ]

    page = pasted(visit, session, application, "contracts", "\n".join([heading, *lines]))
    shown = text_of(page)
    taken(visit, session, application, "contracts", page)

    first, second = rows_of(session, application, "contracts")
    assert (first["signed_on"], first["first_received_on"]) == ("2026-03-05", "2026-03-05")
    assert (first["buyer_abroad"], first["related"]) == (False, False)
    assert first["invoice_nos"] == ["25312000000000000001", "25312000000000000002"]
    assert (second["signed_on"], second["first_received_on"]) == ("2026-03-05", "2026-03-05")
    assert (second["buyer_abroad"], second["related"], second["invoice_nos"]) == (True, True, ["1", "2"])
    assert "没有 2026年13月5日 这一天" in shown
    assert "请选择“是”或“否”" in shown
    assert "长编码已被表格软件改成科学计数" in shown


def test_lines_beyond_the_limit_are_named_and_stay(session, now, visit):
    application = make_application(session, now=now)

    page = pasted(visit, session, application, "contracts", "\n".join(f"SL-{n}\t产品" for n in range(12)))
    left = taken(visit, session, application, "contracts", page)

    assert "2 行超出本表的行数上限" in text_of(page)
    assert len(rows_of(session, application, "contracts")) == 10
    assert form_of(left)["text"].splitlines() == ["SL-10\t产品", "SL-11\t产品"]


def test_replacing_names_what_goes_and_can_be_undone(session, now, visit):
    application = make_application(session, now=now)
    taken(
        visit,
        session,
        application,
        "other_support",
        pasted(visit, session, application, "other_support", "旧委\t旧项\n"),
    )
    before = rows_of(session, application)
    page = pasted(visit, session, application, "other_support", "新委\t新项\n新委\t另一项\n")

    asked = visit(
        session, application, "tables/other_support/paste", data={**form_of(page), "mode": "replace", "check": "1"}
    )
    answer = taken(visit, session, application, "other_support", asked)

    assert "将被替换的 1 行" in text_of(asked)
    assert "支持“旧委”" in text_of(asked)
    assert [row["project"] for row in rows_of(session, application)] == ["新项", "另一项"]
    shown = visit(session, application, answer.location.split(f"{application.id}/")[1])
    at = re.search(r'name="at" value="([^"]+)"', shown.get_data(as_text=True))[1]
    undone = visit(session, application, "tables/other_support/undo", data={"at": unescape(at)})
    assert undone.status_code == 303
    assert rows_of(session, application) == before


def test_a_table_that_was_changed_meanwhile_is_not_replaced_unseen(session, now):
    application = make_application(session, now=now)
    actor = owner_of(session, application)
    services.add_row(session, application, "other_support", "r1", actor=actor, now=now)
    draft = queries.load_draft(session, application)
    shown = table_mark(draft, draft.definition.field("other_support"))
    colleague = actor_of(session, make_member(session, application.organisation, level=Level.EDITOR))
    entry = services.Entry("other_support.project", "r1", "同事填的")
    services.save_answers(session, application, [entry], actor=colleague, now=now)
    line = ImportLine(2, "", "rnew", {"other_support.project": "新项"})

    with pytest.raises(TableChangedError):
        services.import_rows(session, application, "other_support", [line], replaces=shown, actor=actor, now=now)

    assert [row["project"] for row in rows_of(session, application)] == ["同事填的"]


def test_an_import_that_a_colleague_has_worked_on_is_not_undone(session, now):
    application = make_application(session, now=now)
    actor, later = owner_of(session, application), now + timedelta(minutes=1)
    line = ImportLine(2, "", "rnew", {"other_support.project": "新项"})
    services.import_rows(session, application, "other_support", [line], actor=actor, now=now)
    entry = services.Entry("other_support.department", "rnew", "同事填的")
    services.save_answers(session, application, [entry], actor=actor, now=later)

    with pytest.raises(RowChangedError):
        services.undo_import(session, application, "other_support", at=now, actor=actor, now=later)

    assert len(rows_of(session, application)) == 1


def test_a_block_fills_a_grid_by_the_names_of_its_rows(session, now, visit):
    application = make_application(session, now=now)
    years = queries.load_draft(session, application).row_ids(
        queries.load_draft(session, application).definition.field("org.years")
    )
    lines = [f"{year}年\t{place}00\t-5" for place, year in enumerate(reversed(years), 1)]
    text = "\n".join(["年度\t营业收入（万元）\t利润总额", *lines, "1999\t1\t1"])

    page = pasted(visit, session, application, "org.years", text)
    taken(visit, session, application, "org.years", page)

    assert "没有这一行，可填：" in text_of(page)
    rows = rows_of(session, application, "org.years")
    assert [row["revenue"] for row in rows] == [300_000_000, 200_000_000, 100_000_000]
    assert {row["profit"] for row in rows} == {-5_000_000}


def test_an_import_costs_the_same_statements_however_many_lines(session, now):
    application = make_application(session, now=now)
    actor = owner_of(session, application)
    counts = []
    for start, number in ((0, 1), (1, 100)):
        session.commit()  # each import is a transaction of its own
        lines = [
            ImportLine(n, "", f"r{n}", {"oss.name": f"组件{n}", "oss.licence": "MIT"})
            for n in range(start, start + number)
        ]
        with counted() as found:
            services.import_rows(session, application, "oss", lines, actor=actor, now=now)
        counts.append(found.queries)

    assert counts[0] == counts[1]
    assert len(rows_of(session, application, "oss")) == 101


def downloaded(visit, session, application, table):
    answer = visit(session, application, f"tables/{table}/workbook.xlsx")
    assert answer.status_code == 200
    return answer.data


def changed_workbook(content, change):
    """The workbook's first sheet after ``change`` (a function of its lines), written as Excel would write values."""
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    change(lines)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet()
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if cell != "":
                    sheet.write(number, place, cell)
    return out.getvalue()


def uploaded(visit, session, application, table, content, name="填报表.xlsx"):
    data = {"file": (io.BytesIO(content), name)}
    return visit(session, application, f"tables/{table}/workbook", data=data)


@pytest.mark.parametrize(
    ("code", "table"),
    [
        ("sbc", "contracts"),
        ("sbc", "copyrights"),
        ("sbc", "org.years"),
        ("sbc", "uses"),
        ("hlw", "budget"),
        ("hlw", "partners"),
    ],
)
def test_a_workbook_that_comes_back_unchanged_changes_nothing(session, now, visit, code, table):
    application = make_application(session, code=code, complete=True, now=now)
    actor = owner_of(session, application)
    if table == "partners":
        field = queries.load_draft(session, application).definition.field(table)
        services.add_row(session, application, table, "r1", actor=actor, now=now)
        draft = queries.load_draft(session, application)
        entries = [services.Entry(column.path, "r1", plausible(draft.definition, column)) for column in field.columns]
        services.save_answers(session, application, entries, actor=actor, now=now)
    before = {place: (a.value, a.version) for place, a in queries.load_draft(session, application).answers.items()}

    page = uploaded(visit, session, application, table, downloaded(visit, session, application, table))

    assert "内容与表中的一致，没有需要导入的" in text_of(page)
    taken(visit, session, application, table, page)
    session.expire_all()
    after = {place: (a.value, a.version) for place, a in queries.load_draft(session, application).answers.items()}
    assert after == before


def test_a_workbook_updates_its_rows_and_adds_the_others(session, now, visit):
    application = make_application(session, complete=True, now=now)
    content = downloaded(visit, session, application, "contracts")

    def fill_in(lines):
        heads = lines[0]
        lines[1][heads.index("购买单位")] = "改名后的买方"
        new = [""] * len(heads)
        new[heads.index("合同编号")] = 20260001.0
        new[heads.index("签订日期")] = datetime(2026, 3, 5)  # noqa: DTZ001 - a day, as Excel keeps it
        new[heads.index("合同软件金额（不含税）（元）")] = 600_000.5
        lines.append(new)

    page = uploaded(visit, session, application, "contracts", changed_workbook(content, fill_in))
    assert "将添加 1 行" in text_of(page)
    assert "将更新已有的 1 行" in text_of(page)
    answer = taken(visit, session, application, "contracts", page)

    assert answer.status_code == 303
    rows = rows_of(session, application, "contracts")
    assert len(rows) == 3
    assert rows[0]["buyer"] == "改名后的买方"
    assert (rows[2]["contract_no"], rows[2]["signed_on"], rows[2]["software"]) == ("20260001", "2026-03-05", 60_000_050)


def test_signs_that_nobody_sees_do_not_come_along_in_a_workbook(session, now, visit):
    application = make_application(session, now=now)

    def fill_in(lines):
        lines.append(["", "示例区科委", "示例\u202e项\u200b目\x0b", 2025, 1234.56, "执行中"])

    content = downloaded(visit, session, application, "other_support")
    page = uploaded(visit, session, application, "other_support", changed_workbook(content, fill_in))
    answer = taken(visit, session, application, "other_support", page)

    assert answer.status_code == 303
    assert [row["project"] for row in rows_of(session, application)] == ["示例项目"]


def test_bad_cells_of_a_workbook_are_named_by_their_address(session, now, visit):
    application = make_application(session, complete=True, now=now)
    content = downloaded(visit, session, application, "contracts")

    def spoil(lines):
        lines[2][lines[0].index("签订日期")] = "去年"

    page = uploaded(visit, session, application, "contracts", changed_workbook(content, spoil))

    heads = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]
    letter = "ABCDEFGHIJKLMNOP"[heads.index("签订日期")]
    assert f"{letter}3 签订日期：读到“去年”。" in text_of(page)


def test_what_a_colleague_has_changed_since_is_shown_and_not_overwritten(session, now, visit):
    application = make_application(session, complete=True, now=now)
    content = downloaded(visit, session, application, "contracts")
    colleague = actor_of(session, make_member(session, application.organisation))
    theirs = [
        services.Entry("contracts.buyer", "r1", "同事改的买方"),
        services.Entry("contracts.sold_version", "r1", "V9"),
    ]
    services.save_answers(session, application, theirs, actor=colleague, now=now)

    def fill_in(lines):
        lines[1][lines[0].index("购买单位")] = "我改的买方"
        lines[2][lines[0].index("购买单位")] = "另一行的买方"

    page = uploaded(visit, session, application, "contracts", changed_workbook(content, fill_in))
    left = taken(visit, session, application, "contracts", page)

    assert "我改的买方" in text_of(page)
    assert "同事改的买方" in text_of(page)
    rows = rows_of(session, application, "contracts")
    assert [row["buyer"] for row in rows] == ["同事改的买方", "另一行的买方"]
    assert rows[0]["sold_version"] == "V9"
    insisting = taken(visit, session, application, "contracts", left, mine="r1|contracts.buyer")
    assert insisting.status_code == 303
    assert rows_of(session, application, "contracts")[0]["buyer"] == "我改的买方"


def test_a_row_deleted_since_can_be_added_anew(session, now, visit):
    application = make_application(session, complete=True, now=now)
    content = downloaded(visit, session, application, "contracts")
    services.delete_row(
        session, application, "contracts", "r2", seen=None, actor=owner_of(session, application), now=now
    )

    def fill_in(lines):
        lines[2][lines[0].index("购买单位")] = "不能丢的买方"

    page = uploaded(visit, session, application, "contracts", changed_workbook(content, fill_in))
    assert "这一行已被删除，没有导入。" in text_of(page)
    taken(visit, session, application, "contracts", page, mine="r2|")

    assert rows_of(session, application, "contracts")[-1]["buyer"] == "不能丢的买方"


def test_marks_of_another_application_say_nothing(session, now, visit):
    application = make_application(session, complete=True, now=now)
    content = downloaded(visit, session, application, "contracts")
    other = make_application(session, now=now)

    page = uploaded(visit, session, other, "contracts", content)

    assert "将添加 2 行" in text_of(page)


def with_macros():
    """A workbook that carries a macro project."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.add_worksheet()
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"Attribute VB_Name")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "文件不完整"),
        (b"whatever", "a.xlsx", "文件内容与扩展名不符"),
        (b"whatever", "a.csv", "只接受 XLSX"),
        (b"", "a.xlsx", "这个文件是空的"),
        (with_macros(), "a.xlsx", "工作簿中含有宏"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(session, now, visit, content, name, sentence):
    application = make_application(session, now=now)

    answer = uploaded(visit, session, application, "oss", content, name)

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_what_is_too_large_is_refused_while_it_arrives(session):
    with pytest.raises(documents.RefusedFileError) as refused:
        documents.read_cells(io.BytesIO(bytes(2 * MEGABYTE + 1)), name="a.xlsx", max_bytes=2 * MEGABYTE)

    assert refused.value.code == "file_too_large"


def far_cell():
    """A workbook whose second cell lies in the last corner of the sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "组件名称")
        sheet.write(1_048_575, 16_383, "远处")
    return out.getvalue()


def test_a_cell_in_the_last_corner_takes_no_memory(session, now, visit):
    application = make_application(session, now=now)

    answer = uploaded(visit, session, application, "oss", far_cell())

    assert answer.status_code == 422


def test_what_looks_like_a_formula_stays_a_text(session, now, visit):
    application = make_application(session, now=now)
    actor = owner_of(session, application)
    services.add_row(session, application, "oss", "r1", actor=actor, now=now)
    hostile = '=HYPERLINK("http://x","点我")'
    entries = [services.Entry("oss.name", "r1", hostile), services.Entry("oss.licence", "r1", "@SUM(1)")]
    services.save_answers(session, application, entries, actor=actor, now=now)

    content = downloaded(visit, session, application, "oss")
    page = uploaded(visit, session, application, "oss", content)

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    assert "内容与表中的一致" in text_of(page)


def test_readers_neither_paste_nor_download(session, now, visit):
    application = make_application(session, now=now)
    reader = make_member(session, application.organisation, level=Level.READER)

    assert visit(session, application, "tables/oss", person=reader).status_code == 200
    for path in ("tables/oss/paste", "tables/oss/workbook.xlsx"):
        assert visit(session, application, path, person=reader).status_code == 403
