"""What a page tells while one types: questions that come and go, the amount, the count of characters; colleagues. And
what a pre-check tells before anybody has an account."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from grants.accounts.models import Person
from grants.applications import queries
from grants.applications.models import Application
from grants.db import reading, writing
from grants.kernel.clock import real_now
from tests.factories.accounts import PASSWORD, make_member
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import PHONE, BrowserVisitor
from tests.support.walking.enterprises import sign_in
from tests.support.walking.worlds import today_in_shanghai

pytestmark = pytest.mark.single_database


@pytest.fixture(scope="module")
def site(databases) -> Iterator[Installation]:
    """A web server alone."""
    with installed("embedded", databases, "web") as running:
        running.wait_for_web()
        yield running


@dataclass
class Desk:
    """Somebody at a complete draft, and a colleague of theirs."""

    visitor: BrowserVisitor
    home: str
    key: object
    colleague: str
    site: Installation

    @property
    def page(self) -> Page:
        return self.visitor.page

    def open(self, path: str) -> None:
        self.visitor.open(f"{self.home}/{path}")

    def field(self, name: str) -> Locator:
        return self.page.locator(f'.field[data-name="{name}"]')

    def check(self) -> None:
        """Nothing for axe to find, and nothing wider than a phone."""
        self.visitor.note_accessibility()
        self.visitor.note_overflow()

    def stored(self, path: str) -> object:
        with self.site.app.app_context(), reading() as session:
            return queries.load_draft(session, session.get_one(Application, self.key)).value(path)


@pytest.fixture
def desk(site, browser, journal) -> Iterator[Desk]:
    with site.app.app_context(), writing() as session:
        application = make_application(session, complete=True, now=real_now())
        owner = session.get_one(Person, application.created_by)
        colleague = make_member(session, application.organisation, level="editor")
        made = Desk(
            BrowserVisitor(browser, site.address, journal),
            f"/apply/{application.id}",
            application.id,
            colleague.name,
            site,
        )
        email = owner.email
    sign_in(made.visitor, email, PASSWORD)
    yield made
    made.visitor.leave()


def test_a_question_comes_with_its_answer_by_keyboard_on_a_phone_and_goes_again(desk):
    desk.open("sections/product")
    page, status = desk.page, desk.page.locator("[data-live-status]")
    page.set_viewport_size(PHONE)
    expect(desk.field("a-co_developers")).to_have_count(0)

    page.get_by_label("自主", exact=True).focus()
    page.keyboard.press("ArrowDown")

    expect(desk.field("a-co_developers")).to_be_visible()
    expect(status).to_have_text("本节新增 1 项需要填写")
    expect(page.get_by_label("合作", exact=True)).to_be_focused()
    expect(page.locator("[data-gaps] li")).to_have_text("请填写“合作开发单位”")
    desk.check()
    page.keyboard.press("Tab")
    expect(page.locator("#a-co_developers")).to_be_focused()
    page.keyboard.type("样例大学")
    expect(page.locator("[data-gaps]")).to_be_hidden()

    page.get_by_label("自主", exact=True).check()
    expect(desk.field("a-co_developers")).to_be_hidden()
    expect(status).to_have_text("本节有 1 项不再需要填写")
    page.get_by_label("合作", exact=True).check()
    expect(page.locator("#a-co_developers")).to_have_value("样例大学")
    desk.visitor.press("保存")
    assert desk.stored("co_developers") == ["样例大学"]


def test_the_amount_and_its_working_follow_the_row_that_is_typed(desk):
    desk.open("tables/contracts/rows/r2")
    page = desk.page
    base = page.locator("[data-funding-steps] dd").first
    before = base.inner_text()
    expect(page.locator("[data-funding]")).to_contain_text("按已保存的内容计算")

    for part, figure in zip("ymd", today_in_shanghai().timetuple()[:3], strict=True):
        page.locator(f"[name=a-contracts-first_invoice_on--r2-{part}]").fill(str(figure))
    for key in ("software", "invoiced", "received"):
        page.locator(f"[name=a-contracts-{key}--r2]").fill("１，２３４，０００")

    expect(base).to_contain_text("1,234,000 元")
    assert before != base.inner_text()
    expect(page.locator("[data-funding]")).to_contain_text("按现在填写的内容计算")
    expect(page.locator('[data-capitals="a-contracts-software--r2"] b')).to_have_text("人民币壹佰贰拾叁万肆仟元整")
    expect(desk.field("a-contracts-buyer_uscc--r2")).to_be_visible()
    page.locator('[name="a-contracts-buyer_abroad--r2"][value="yes"]').check()
    expect(desk.field("a-contracts-buyer_uscc--r2")).to_be_hidden()


def test_the_size_class_follows_staff_and_characters_are_counted_as_the_server_does(desk):
    desk.open("sections/org")
    page, size = desk.page, desk.page.locator('[data-computed="org.size_class"]')
    for year in page.locator("[name^=a-org-years-revenue]").all():
        year.fill("20000")
    page.locator("#a-org-employees").fill("500")
    expect(size).to_have_text("大型")
    page.locator("#a-org-employees").fill("50")
    expect(size).to_have_text("小型")
    expect(page.locator(".computed")).to_contain_text("统计上大中小微型企业划分办法")

    desk.open("sections/product")
    page.locator("#a-breakthrough").fill("😀突\n破 ")
    expect(page.locator('[data-counter="a-breakthrough"] b')).to_have_text("4")
    page.locator("details.howto summary").first.click()
    expect(page.locator("details.howto p").first).to_be_visible()


def test_a_section_is_handed_to_a_colleague_and_a_remark_is_answered(desk):
    desk.open("colleagues")
    page = desk.page
    page.get_by_label("2. 产品情况").select_option(label=desk.colleague)
    desk.visitor.press("保存分工")
    expect(page.locator('[data-section="product"]').first).to_contain_text(f"由{desk.colleague}填写")

    desk.open("sections/product")
    page.get_by_text("查看或发表意见").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("意见", exact=True).fill("与证书一致吗")
    desk.visitor.press("发表意见")
    page.set_viewport_size(PHONE)
    desk.check()
    desk.open("sections/product")
    page.locator("summary").filter(has_text=re.compile("^同事意见 1 条")).click()
    expect(desk.field("a-product_name").get_by_text("与证书一致吗")).to_be_visible()
    desk.check()
    desk.open("missing?mine=1")
    desk.check()


@pytest.fixture
def precheck(site) -> str:
    """The address of a pre-check."""
    with site.app.app_context(), writing() as session:
        return f"/calls/{make_call(session, now=real_now()).ref}/precheck"


def test_a_founder_with_a_phone_and_no_script_sees_what_holds_and_what_does_not(site, browser, journal, precheck):
    visitor = BrowserVisitor(browser, site.address, journal, script=False)
    visitor.page.set_viewport_size(PHONE)
    visitor.open(precheck)
    visitor.note_overflow()
    visitor.fill({"a-org-uscc": "91310115MA1K00015K", "a-org-org_type": "企业", "a-org-is_branch": "yes"})
    visitor.fill({f"a-contracts-{key}--r1": "600000" for key in ("software", "invoiced", "received")})

    visitor.press("再添一行：合同")
    assert visitor.page.locator('[name="a-contracts-software--r1"]').input_value() == "600000"
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=re.compile("删除.*合同 2")).click()
    visitor.press("预检")

    page = visitor.page
    expect(page.get_by_role("heading", name="预检结果", level=1)).to_be_visible()
    expect(page.locator("#headline")).to_contain_text("有 1 项条件不满足")
    expect(page.locator(".finding--fail")).to_contain_text("由具有法人资格的总公司申报。")
    expect(page.locator(".precheck__amount")).to_contain_text("还不能估算，未填写：首批销售合同")
    visitor.note_overflow()
    visitor.fill({"a-contracts-received--r1": "六十万"})
    visitor.press("重新预检")
    assert visitor.status == 422
    page.locator("#error-summary a").click()
    expect(page.locator('[name="a-contracts-received--r1"]')).to_be_focused()
    visitor.leave()


def test_the_keyboard_alone_gets_through_a_pre_check(site, browser, journal, precheck):
    visitor = BrowserVisitor(browser, site.address, journal)
    page = visitor.page
    page.set_viewport_size(PHONE)
    visitor.open(precheck)
    page.locator("#a-org-uscc").focus()
    page.keyboard.type("91310115MA1K00015K")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("#headline")).to_be_focused()
    expect(page.locator("#headline")).to_contain_text("因没有填写不能判断")
    visitor.note_accessibility()
    page.keyboard.press("Tab")
    expect(page.locator(".finding--unknown a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#a-org-org_type-0")).to_be_focused()
    visitor.leave()
