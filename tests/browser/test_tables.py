"""Tables in a real browser: a block from the clipboard, a workbook there and back, order by keyboard, sums as typed."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.models import Application
from grants.db import reading, writing
from grants.kernel.clock import real_now
from tests.factories.accounts import PASSWORD
from tests.factories.applications import make_application, owner_of
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import DESKTOP, PHONE, BrowserVisitor
from tests.support.walking.enterprises import sign_in

pytestmark = pytest.mark.single_database
COPIED = (
    "主管部门\t项目名称\t年度\t金额（万元）\t状态\r\n"
    '示例区科委\t"示例\r\n项目"\t2025\t1,234.56\t执行中\r\n'
    "乙委\t乙项\t去年\t5\t已验收\r\n"
)
PASTE = """(place, text) => {
  const given = new DataTransfer();
  given.setData("text", text);
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def site(databases):
    """A web server alone: tables need no worker."""
    with installed("embedded", databases, "web") as running:
        running.wait_for_web()
        yield running


@dataclass
class Desk:
    """One person at a draft of their own, and what is stored of it."""

    site: Installation
    visitor: BrowserVisitor
    key: object

    @property
    def page(self):
        return self.visitor.page

    def open(self, path):
        self.visitor.open(f"/apply/{self.key}/{path}")

    def rows(self, table):
        with self.site.app.app_context(), reading() as session:
            draft = queries.load_draft(session, session.get_one(Application, self.key))
            field = draft.definition.field(table)
            return [
                {column.key: draft.value(column.path, row) for column in field.columns} for row in draft.row_ids(field)
            ]

    def look(self):
        """Nothing for axe to find, at either width, and nothing wider than a phone."""
        self.visitor.note_accessibility()
        self.page.set_viewport_size(PHONE)
        self.visitor.note_overflow()
        self.visitor.note_accessibility()
        self.page.set_viewport_size(DESKTOP)


@pytest.fixture
def desk(site, browser, journal):
    """A draft with three components, open at its desk."""
    with site.app.app_context(), writing() as session:
        application = make_application(session, now=real_now())
        actor = owner_of(session, application)
        for number in (1, 2, 3):
            services.add_row(session, application, "oss", f"r{number}", actor=actor, now=real_now())
            entry = services.Entry("oss.name", f"r{number}", f"组件{number}")
            services.save_answers(session, application, [entry], actor=actor, now=real_now())
        email = session.get_one(Person, application.created_by).email
        key = application.id
    visitor = BrowserVisitor(browser, site.address, journal)
    sign_in(visitor, email, PASSWORD)
    yield Desk(site, visitor, key)
    visitor.leave()


def test_a_block_pasted_on_the_table_s_page_is_looked_at_and_taken(desk):
    desk.open("tables/other_support")
    with desk.page.expect_navigation():
        desk.page.locator("body").evaluate(PASTE, COPIED)

    expect(desk.page.get_by_role("alert")).to_contain_text("第 3 行 年度：读到“去年”")
    expect(desk.page.get_by_role("alert")).to_be_focused()
    desk.look()
    desk.visitor.press("导入")

    assert [row["project"] for row in desk.rows("other_support")] == ["示例 项目"]
    expect(desk.page.get_by_role("status").filter(has_text="已添加 1 行")).to_be_visible()
    desk.page.get_by_text("修改粘贴的内容").click()
    text = desk.page.locator("textarea[name=text]").last
    text.fill(text.input_value().replace("去年", "2024"))
    desk.visitor.press("重新核对")
    desk.visitor.press("导入")

    assert [row["year"] for row in desk.rows("other_support")] == [2025, 2024]
    expect(desk.page.get_by_text("已导入。")).to_be_visible()
    desk.visitor.press("撤销")
    assert [row["year"] for row in desk.rows("other_support")] == [2025]


def test_a_block_pasted_into_one_input_of_a_grid_is_not_squeezed_into_it(desk):
    desk.open("sections/org")
    grid = desk.page.locator("[data-table-paste]")
    first = grid.locator("input").first
    first.focus()
    first.evaluate(PASTE, "100\t1\t10\n200\t2\t20\n300\t3\t30\n")

    notice = grid.get_by_role("status")
    expect(notice).to_contain_text("剪贴板里是一块表格（3 行 3 列），没有填入这一格。")
    expect(first).to_have_value("")
    expect(notice.get_by_role("button", name="核对后导入")).to_be_focused()
    desk.visitor.note_accessibility()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.visitor.press("导入")

    assert [row["revenue"] for row in desk.rows("org.years")] == [100_000_000, 200_000_000, 300_000_000]
    desk.open("sections/org")
    grid.locator("input").first.fill("1,000.5")
    expect(grid.locator("tfoot [data-total]").first).to_have_text("1,500.5")


def test_rows_are_put_in_order_by_keyboard_alone(desk):
    desk.open("tables/oss")
    desk.look()
    desk.page.get_by_role("button", name=re.compile(r"^下移\s*组件 1")).focus()
    for _ in range(2):
        with desk.page.expect_navigation():
            desk.page.keyboard.press("Enter")

    assert [row["name"] for row in desk.rows("oss")] == ["组件2", "组件3", "组件1"]
    expect(desk.page.get_by_role("button", name=re.compile(r"^上移\s*组件 3"))).to_be_focused()


def test_a_row_is_dragged_to_its_place_and_a_drag_that_is_given_up_moves_nothing(desk):
    desk.open("tables/oss")
    desk.look()
    page, mouse = desk.page, desk.page.mouse

    def drag(row, to):
        start, end = page.locator(f"#row-{row} .grip").bounding_box(), page.locator(f"#row-{to}").bounding_box()
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(start["x"] + 8, end["y"] + end["height"] - 4, steps=6)

    drag("r1", "r3")
    page.keyboard.press("Escape")
    mouse.up()
    assert [row["name"] for row in desk.rows("oss")] == ["组件1", "组件2", "组件3"]
    expect(page.locator("tbody tr").first).to_have_attribute("id", "row-r1")

    drag("r1", "r3")
    with page.expect_navigation():
        mouse.up()

    assert [row["name"] for row in desk.rows("oss")] == ["组件2", "组件3", "组件1"]
    expect(page.get_by_role("status").filter(has_text="已移到第 3 行，共 3 行。")).to_have_count(1)


def test_a_deleted_row_comes_back_with_one_press(desk):
    desk.open("tables/oss")
    desk.visitor.press("删除 组件 2")
    expect(desk.page.get_by_role("status").filter(has_text="已删除组件“组件2”。")).to_be_visible()
    desk.look()
    desk.visitor.press("撤销")

    assert [row["name"] for row in desk.rows("oss")] == ["组件1", "组件2", "组件3"]


def test_a_workbook_goes_out_and_comes_back(desk, tmp_path):
    desk.open("tables/oss")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="下载填报表（XLSX）").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)

    desk.page.locator("input[type=file]").set_input_files(tmp_path / download.value.suggested_filename)
    desk.visitor.press("上传并核对")

    assert download.value.suggested_filename == "使用的开源软件填报表.xlsx"
    expect(desk.page.get_by_text("内容与表中的一致，没有需要导入的")).to_be_visible()
    desk.look()


def test_it_all_works_without_javascript(desk, browser, journal):
    with desk.site.app.app_context(), reading() as session:
        email = session.get_one(Person, session.get_one(Application, desk.key).created_by).email
    plain = BrowserVisitor(browser, desk.site.address, journal, script=False)
    sign_in(plain, email, PASSWORD)
    plain.open(f"/apply/{desk.key}/tables/oss/paste")
    plain.fill({"text": "组件4\tMIT"})
    plain.press("核对")
    plain.press("导入")
    plain.open(f"/apply/{desk.key}/tables/oss")
    plain.press("上移 组件 4")
    plain.leave()

    assert [row["name"] for row in desk.rows("oss")] == ["组件1", "组件2", "组件4", "组件3"]
