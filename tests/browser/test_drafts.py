"""Drafts that cannot be lost: two people at once, a network that is cut, a session that ends, a tab that is killed."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from grants.accounts.models import Person
from grants.accounts.services import end_sessions
from grants.applications import queries
from grants.applications.models import Application
from grants.db import reading, writing
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from tests.factories.accounts import PASSWORD, make_member
from tests.factories.applications import make_application
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import PHONE, BrowserVisitor
from tests.support.walking.enterprises import sign_in

pytestmark = pytest.mark.single_database
SAVED = re.compile(r"^已保存 \d\d:\d\d$")
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('grants.draft:')).length"
BEAT = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture(scope="module")
def site(databases):
    """A web server alone: saving needs no worker."""
    with installed("embedded", databases, "web") as running:
        running.wait_for_web()
        yield running


@dataclass
class Draft:
    """An application of two people, and what is stored of it."""

    site: Installation
    path: str
    emails: tuple[str, str]
    key: object

    def value(self, path):
        with self.site.app.app_context(), reading() as session:
            return queries.load_draft(session, session.get_one(Application, self.key)).value(path)

    def end_sessions(self, email):
        with self.site.app.app_context(), writing() as session:
            person = session.query(Person).filter_by(email=email).one()
            end_sessions(session, person, actor=SYSTEM, now=real_now())


@pytest.fixture
def draft(site):
    """A draft of its own for each test."""
    with site.app.app_context(), writing() as session:
        application = make_application(session, now=real_now())
        owner = session.get_one(Person, application.created_by)
        colleague = make_member(session, application.organisation)
        return Draft(site, f"/apply/{application.id}", (owner.email, colleague.email), application.id)


@dataclass
class Writer:
    """One person at the section about the product."""

    visitor: BrowserVisitor

    @property
    def page(self):
        return self.visitor.page

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-save-words]")

    def field(self, name) -> Locator:
        return self.page.locator(f"[name=a-{name}]")

    def write(self, name, text):
        """Type into a field and leave it."""
        self.field(name).fill(text)
        self.field(name).blur()

    def button(self, label) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)


@pytest.fixture
def writer(site, browser, journal, draft):
    """Whoever of the two fills in the draft: ``writer(0)``."""
    made = []

    def begin(number=0, *, script=True, section="product"):
        visitor = BrowserVisitor(browser, site.address, journal, script=script)
        made.append(visitor)
        sign_in(visitor, draft.emails[number], PASSWORD)
        visitor.open(f"{draft.path}/sections/{section}")
        return Writer(visitor)

    yield begin
    for visitor in made:
        visitor.leave()


def test_two_people_in_one_draft_lose_nothing_and_see_each_other(draft, writer):
    one, other = writer(0), writer(1)
    one.write("product_name", "示例软件")
    other.write("version", "V2.0")
    expect(one.state).to_have_text(SAVED)
    expect(other.state).to_have_text(SAVED)
    assert (draft.value("product_name"), draft.value("version")) == ("示例软件", "V2.0")

    one.page.evaluate(BEAT)
    expect(one.field("version")).to_have_value("V2.0")
    expect(one.page.locator("[data-change]")).to_contain_text("刚刚修改")
    expect(one.page.locator("[data-save-news]")).to_contain_text("版本号")
    expect(one.page.locator("[data-people]")).to_contain_text("正在填写“产品情况”")

    one.write("tech_summary", "甲写的简介")
    expect(one.state).to_have_text(SAVED)
    other.write("tech_summary", "乙写的简介")
    clash = other.page.get_by_role("group", name="两人都改了“产品与技术简介”")
    expect(clash).to_contain_text("甲写的简介")
    expect(clash).to_contain_text("乙写的简介")
    expect(other.state).to_contain_text("有 1 项与其他填报人填写的不一致")
    other.visitor.note_accessibility()
    assert draft.value("tech_summary") == "甲写的简介"

    other.write("version", "V2.1")
    other.field("tech_summary").fill("两人商定的简介")
    clash.get_by_role("button", name="以我填写的为准").click()
    expect(other.field("tech_summary")).to_be_focused()
    expect(clash).to_have_count(0)
    expect(other.state).to_have_text(SAVED)
    assert draft.value("tech_summary") == "两人商定的简介"
    assert draft.value("version") == "V2.1"


def test_taking_the_colleague_s_text_ends_the_conflict(draft, writer):
    one, other = writer(0), writer(1)
    one.write("product_name", "甲的名称")
    expect(one.state).to_have_text(SAVED)
    other.write("product_name", "乙的名称")
    other.button("采用对方的内容").click()

    expect(other.field("product_name")).to_have_value("甲的名称")
    expect(other.field("product_name")).to_be_focused()
    assert other.page.evaluate(COPIES) == 0
    other.visitor.press("保存")
    assert draft.value("product_name") == "甲的名称"


def test_the_network_is_cut_while_typing_and_comes_back(draft, writer):
    one = writer()
    one.visitor.context.set_offline(True)
    one.write("product_name", "断网时写的名称")

    expect(one.state).to_have_text("未保存，因为：网络不通")
    expect(one.page.get_by_role("status").filter(has_text="网络不通")).to_be_visible()
    expect(one.button("立即重试")).to_be_visible()
    one.visitor.note_accessibility()
    assert one.page.evaluate(COPIES) == 1
    assert draft.value("product_name") is None

    one.visitor.context.set_offline(False)
    expect(one.state).to_have_text(SAVED)
    assert one.page.evaluate(COPIES) == 0
    assert draft.value("product_name") == "断网时写的名称"


def test_a_server_that_fails_is_asked_again_by_the_button(draft, writer):
    one = writer()
    one.page.route("**/autosave", lambda route: route.abort("internetdisconnected"))
    one.write("product_name", "示例软件")
    expect(one.state).to_have_text("未保存，因为：网络不通")
    one.page.unroute("**/autosave")

    one.button("立即重试").click()

    expect(one.state).to_have_text(SAVED)
    assert draft.value("product_name") == "示例软件"


def test_a_session_ends_while_typing_and_the_page_goes_on(draft, writer):
    one = writer()
    draft.end_sessions(draft.emails[0])
    one.write("product_name", "登录过期时写的名称")

    dialog = one.page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="在新标签页中登录")).to_be_focused()
    one.visitor.note_accessibility()
    assert draft.value("product_name") is None

    with one.visitor.context.expect_page() as opened:
        dialog.get_by_role("link", name="在新标签页中登录").click()
    sign_in_at(opened.value, draft.emails[1])
    one.button("我已登录，继续保存").click()
    expect(dialog).to_contain_text("您现在登录的是另一个账号")
    assert draft.value("product_name") is None

    opened.value.get_by_role("button", name="退出").first.click()
    sign_in_at(opened.value, draft.emails[0])
    one.button("我已登录，继续保存").click()
    expect(dialog).to_be_hidden()
    expect(one.state).to_have_text(SAVED)
    assert draft.value("product_name") == "登录过期时写的名称"

    one.visitor.press("保存")
    assert one.visitor.status == 200


def sign_in_at(page, email):
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="登录", exact=True).first.click()


def test_what_a_killed_tab_left_is_offered_with_both_texts(draft, writer):
    one = writer()
    one.write("version", "V1.0")
    expect(one.state).to_have_text(SAVED)
    one.visitor.context.set_offline(True)
    one.write("version", "V1.1")
    one.field("release_date-y").fill("2025")
    expect(one.state).to_contain_text("未保存")
    one.page.close(run_before_unload=False)
    one.visitor.context.set_offline(False)

    one.visitor.page = one.visitor.context.new_page()
    one.visitor.open(f"{draft.path}/sections/product")
    offer = one.page.get_by_role("region", name="发现 2 项本机未保存的内容")
    expect(offer).to_contain_text("V1.1")
    expect(offer).to_contain_text("V1.0")
    expect(offer).to_contain_text("2025年")
    one.visitor.note_accessibility()

    offer.get_by_role("button", name="恢复").click()
    expect(offer).to_have_count(0)
    expect(one.field("release_date-y")).to_have_value("2025")
    one.field("release_date-m").fill("3")
    one.field("release_date-d").fill("2")
    one.field("version").focus()
    expect(one.state).to_have_text(SAVED)
    assert (draft.value("version"), draft.value("release_date")) == ("V1.1", "2025-03-02")
    assert one.page.evaluate(COPIES) == 0


def test_the_time_left_follows_the_server_whatever_this_machine_did(draft, writer):
    one = writer()
    left = one.page.locator("[data-countdown]")
    awake = hours_left(left)

    one.page.evaluate("(now => { Date.now = () => now() + 3 * 3600000; })(Date.now.bind(Date))")  # it slept three hours
    expect(left).not_to_have_text(re.compile(rf"还剩 {awake // 24} 天 {awake % 24} 小时"))
    assert awake - hours_left(left) in (3, 4)

    one.page.evaluate(BEAT)  # the server says what time it is
    expect(left).to_have_text(re.compile(rf"还剩 {awake // 24} 天 {awake % 24} 小时"))

    one.page.evaluate("at => { document.querySelector('[data-countdown]').dataset.countdown = at; }", in_minutes(9))
    expect(left).to_have_text(re.compile(r"^还剩 8 分 \d+ 秒$"))


def hours_left(line):
    days, hours = re.match(r"还剩 (\d+) 天 (\d+) 小时", line.inner_text()).groups()
    return int(days) * 24 + int(hours)


def in_minutes(minutes):
    return (real_now() + timedelta(minutes=minutes)).isoformat()


def test_signing_out_leaves_nothing_in_the_browser(draft, writer):
    one = writer()
    one.write("rd_invest", "很多")
    expect(one.state).to_contain_text("有 1 项内容未被接受")
    assert one.page.evaluate(COPIES) == 1

    with one.page.expect_event("dialog") as asked:  # what was refused would go with the copy
        one.page.get_by_role("button", name="退出").first.click(no_wait_after=True)
        asked.value.dismiss()
    assert asked.value.type == "beforeunload"
    assert one.page.evaluate(COPIES) == 1
    expect(one.field("rd_invest")).to_have_value("很多")
    one.page.on("dialog", lambda dialog: dialog.accept())
    with one.page.expect_navigation():  # who stayed goes on, and takes the copy along
        one.page.get_by_role("link", name="还差哪些").click()
    assert one.page.evaluate(COPIES) == 1

    one.visitor.open(f"{draft.path}/sections/product")
    with one.page.expect_navigation():
        one.page.get_by_role("button", name="退出").first.click()

    assert one.page.evaluate(COPIES) == 0


def test_signing_out_asks_nothing_where_everything_is_saved(draft, writer):
    one = writer()
    one.field("product_name").fill("还没有离开这一格")
    with one.page.expect_navigation():
        one.page.get_by_role("button", name="退出").first.click()

    assert draft.value("product_name") == "还没有离开这一格"


def test_a_new_row_is_there_with_its_first_answer(draft, writer):
    one = writer()
    one.visitor.open(f"{draft.path}/tables/contracts/rows/new")
    number = one.page.locator("[name^=a-contracts-contract_no]")
    number.fill("HT-示例-1")
    number.blur()
    expect(one.state).to_have_text(SAVED)

    one.page.reload()
    expect(one.page.locator("[name^=a-contracts-contract_no]")).to_have_value("HT-示例-1")
    assert not one.visitor.path.endswith("/rows/new")


def test_what_was_typed_into_a_row_that_a_colleague_deleted_becomes_a_new_row(draft, writer):
    one, other = writer(0), writer(1)
    one.visitor.open(f"{draft.path}/tables/contracts/rows/new")
    cell = "[name^=a-contracts-contract_no]"
    one.page.locator(cell).fill("HT-示例-1")
    one.page.locator(cell).blur()
    expect(one.state).to_have_text(SAVED)
    other.visitor.open(one.visitor.path)
    one.visitor.open(f"{one.visitor.path}/delete")
    one.visitor.press("删除这一行")

    buyer = other.page.locator("[name^='a-contracts-buyer--']")
    buyer.fill("样例制造有限公司")
    buyer.blur()
    expect(other.state).to_contain_text("这一行刚刚被其他人删除")
    other.visitor.press("保存这一行")

    assert other.visitor.status == 409
    expect(buyer).to_have_value("样例制造有限公司")
    expect(other.page.locator(".offer")).to_have_count(0)  # it stands in the form, there is nothing to restore
    other.visitor.press("保存这一行")
    expect(other.page.locator("#table-contracts")).to_contain_text("HT-示例-1")


def test_on_a_phone_the_state_stays_in_sight_and_leads_to_what_was_refused(draft, writer):
    one = writer()
    one.page.set_viewport_size(PHONE)
    one.write("rd_invest", "很多")

    expect(one.state).to_have_text("未保存，因为：有 1 项内容未被接受")
    expect(one.state).to_be_in_viewport()
    field = one.field("rd_invest")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("请填写金额数字"))
    one.visitor.note_overflow()
    one.visitor.note_accessibility()

    one.page.evaluate("window.scrollTo(0, 0)")
    one.page.get_by_role("link", name="去处理").click()
    expect(field).to_be_in_viewport()
    field.fill("260")
    field.blur()
    expect(one.state).to_have_text(SAVED)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert draft.value("rd_invest") == 260_000_000


def test_without_javascript_the_buttons_save_with_the_same_protection(draft, writer):
    one, other = writer(0, script=False), writer(1, script=False)
    one.visitor.fill({"a-product_name": "甲的名称"})
    one.visitor.press("保存")
    other.visitor.fill({"a-product_name": "乙的名称", "a-version": "V3.0"})
    other.visitor.press("保存")

    assert other.visitor.status == 409
    expect(other.page.get_by_role("group", name="两人都改了“产品名称”")).to_contain_text("甲的名称")
    assert (draft.value("product_name"), draft.value("version")) == ("甲的名称", "V3.0")
