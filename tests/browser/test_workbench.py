"""The rule workbench: faults as one types, names put in, and nothing typed is lost, whatever becomes of the tab."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from grants.db import writing
from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.programmes import services
from tests.factories.accounts import PASSWORD, actor_of, make_staff
from tests.factories.programmes import make_version
from tests.support.installation import installed
from tests.support.walking.by_browser import BrowserVisitor
from tests.support.walking.enterprises import sign_in

pytestmark = pytest.mark.single_database
DRAFT = "/staff/programmes/sbc/draft"
RULE = f"{DRAFT}/rules/SBC-05"
OFFER = "[data-kept]"


@pytest.fixture(scope="module")
def site(databases):
    """A web server alone: writing a draft needs no worker."""
    with installed("embedded", databases, "web") as running:
        running.wait_for_web()
        yield running


@pytest.fixture(scope="module")
def emails(site):
    """Two administrators; one of them has begun the draft."""
    with site.app.app_context(), writing() as session:
        people = [make_staff(session, Role.ADMINISTRATOR) for _ in range(2)]
        services.start_draft(
            session, make_version(session).programme, actor=actor_of(session, people[0]), now=real_now()
        )
        return [person.email for person in people]


@pytest.fixture
def visit(site, browser, journal, emails) -> Iterator[object]:
    """A signed-in administrator in a profile of their own: ``visit(0)``."""
    made = []

    def begin(number=0):
        visitor = BrowserVisitor(browser, site.address, journal)
        made.append(visitor)
        sign_in(visitor, emails[number], PASSWORD)
        visitor.page.on("dialog", lambda dialog: dialog.accept())
        return visitor

    yield begin
    for visitor in made:
        visitor.leave()


def open_anew(visitor: BrowserVisitor, path: str = RULE) -> Page:
    """Another tab of the same profile, as after the browser was closed."""
    page = visitor.page.context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(visitor.address + path)
    return page


def test_faults_are_told_while_typing_and_names_are_put_in(visit):
    visitor = visit()
    visitor.open(RULE)
    page = visitor.page
    require = page.locator("[name=require]")

    require.fill("reg.in_shanghai and reg.in_shanghei")
    expect(page.locator("[data-faults=require] li")).to_contain_text("第 1 行第 21 列")
    expect(page.locator("[data-fault-state]")).to_contain_text("这里有 1 处错误")

    require.fill("reg.in_shanghai and ")
    page.locator("#names-find").fill("登记状态")
    page.locator(".names__insert:visible", has_text="reg.status").click()
    expect(require).to_have_value("reg.in_shanghai and reg.status")
    visitor.note_accessibility()


def test_what_was_not_saved_comes_back_also_after_typing_something_else(visit):
    visitor = visit()
    first = open_anew(visitor)
    first.locator("[name=title]").fill("写了一晚上的名称")
    first.close()

    second = open_anew(visitor)
    expect(second.locator(OFFER)).to_be_visible()
    second.locator("[name=remedy]").fill("没有理会提示就开始写")
    second.close()

    third = open_anew(visitor)
    third.locator("[data-kept-take]").click()
    expect(third.locator("[name=title]")).to_have_value("写了一晚上的名称")
    third.close()


def test_the_second_of_two_keeps_what_was_typed_when_the_tab_is_closed_on_the_conflict(visit):
    one, other = visit(0), visit(1)
    mine = open_anew(one)
    theirs = open_anew(other)
    theirs.locator("[name=remedy]").fill("另一人的处理办法")
    theirs.get_by_role("button", name="保存", exact=True).click()
    expect(theirs.locator("main")).to_contain_text("已保存")

    mine.locator("[name=title]").fill("我的名称")
    mine.get_by_role("button", name="保存", exact=True).click()
    expect(mine.locator("main")).to_contain_text("另一名管理员刚刚改过这一处")
    expect(mine.locator("pre")).to_contain_text("另一人的处理办法")
    mine.close()

    again = open_anew(one)
    again.locator("[data-kept-take]").click()
    expect(again.locator("[name=title]")).to_have_value("我的名称")
    again.get_by_role("button", name="保存", exact=True).click()
    expect(again.locator("main")).to_contain_text("已保存")
    expect(again.locator(OFFER)).to_be_hidden()


def test_a_rule_that_was_added_is_not_offered_once_more(visit):
    visitor = visit()
    page = open_anew(visitor, f"{DRAFT}/new-rule")
    texts = {
        "key": "SBC-99",
        "title": "示例",
        "article": "二(9)",
        "require": "not org.is_branch",
        "message": "不符合。",
    }
    for name, text in {**texts, "remedy": "请改正。", "sentence": "应为法人。"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=basis]").select_option(index=1)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("h1")).to_contain_text("规则 SBC-99")

    fresh = open_anew(visitor, f"{DRAFT}/new-rule")
    expect(fresh.locator("[data-fault-state]")).to_be_visible()
    expect(fresh.locator(OFFER)).to_be_hidden()


def test_figures_of_parameters_are_checked_while_typing(visit):
    visitor = visit()
    visitor.open(f"{DRAFT}/parameters")
    page = visitor.page
    figure = page.locator("[name=p-min_sales-default]")

    figure.fill("五十万")
    expect(page.locator("[data-faults=p-min_sales-default] li")).to_have_count(1)
    figure.fill("600000")
    expect(page.locator("[data-fault-state]")).to_contain_text("没有发现错误")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main")).to_contain_text("已保存")
    expect(figure).to_have_value("600000")
    visitor.note_overflow()
    visitor.note_accessibility()
