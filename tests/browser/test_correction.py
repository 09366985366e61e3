"""A whole round of correction on a phone: the officer marks, the enterprise mends only that, both see what changed."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.applications.services import undertakings_of
from grants.applications.states import ApplicationState
from grants.db import reading, writing
from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.programmes.queries import definition_of
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.applications import make_application
from tests.factories.documents import pdf_bytes
from tests.factories.eligibility import set_state
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import PATIENCE_MS, PHONE, BrowserVisitor
from tests.support.walking.enterprises import sign_in

pytestmark = pytest.mark.single_database
STAGED = "示例质量管控软件甲"
WHY = {"name": "与著作权登记证书不一致", "row": "金额与发票不符", "paper": "报告缺少结论页"}


@pytest.fixture(scope="module")
def site(databases):
    """A web server alone: the round is between two people."""
    with installed("embedded", databases, "web") as running:
        running.wait_for_web()
        yield running


@dataclass
class Case:
    """A checked case, its enterprise and its officer."""

    site: Installation
    key: object
    ref: str
    home: str
    owner: str
    officer: str
    undertakings: tuple[str, ...]

    def state(self):
        with self.site.app.app_context(), reading() as session:
            return session.get_one(Application, self.key).state


@pytest.fixture
def case(site):
    with site.app.app_context(), writing() as session:
        now = real_now()
        application = make_application(session, submitted=True, now=now)
        set_state(session, application, ApplicationState.CHECKED, now=now)
        owner = session.get_one(Person, application.created_by)
        officer = make_staff(session, Role.OFFICER)
        paths = undertakings_of(definition_of(application.call.definition))
        home = f"/apply/{application.id}"
        return Case(site, application.id, str(application.ref), home, owner.email, officer.email, paths)


@pytest.fixture
def on_phone(site, browser, journal):
    """Somebody at a telephone; every page they open is checked for width and by axe."""
    made = []

    def begin(email):
        visitor = BrowserVisitor(browser, site.address, journal)
        visitor.page.set_viewport_size(PHONE)
        made.append(visitor)
        sign_in(visitor, email, PASSWORD)
        return visitor

    yield begin
    for visitor in made:
        visitor.leave()


def look(visitor, name):
    visitor.note_overflow()
    visitor.note_accessibility()
    visitor.shoot(name)


def mark(visitor, value, why):
    """Unfold the section a place is in, tick the place and say why."""
    page = visitor.page
    box = page.locator(f'[name="chosen"][value="{value}"]')
    page.locator("details.marks__group", has=box).locator("summary").click()
    box.check()
    page.locator(f'[name="why-{value}"]').fill(why)


def ask_for_correction(officer, case):
    officer.open(f"/staff/cases/{case.ref}/return")
    mark(officer, "product_name||", WHY["name"])
    mark(officer, "contracts|r1|", WHY["row"])
    mark(officer, "||a5", WHY["paper"])
    officer.page.locator("[name=reason]").fill("请按所列各项更正。")
    look(officer, "marking")
    officer.press("预览通知")
    for why in WHY.values():
        expect(officer.page.locator(".notice-letter")).to_contain_text(why)
    look(officer, "notice")
    officer.press("确认退回补正")
    assert case.state() is ApplicationState.RETURNED


def mend(enterprise, case):
    """Follow each item to its place and change that; nothing else can be changed."""
    page = enterprise.page
    enterprise.open(f"{case.home}/")
    look(enterprise, "what-is-asked")
    links = page.locator("#correction .asked a")
    expect(links).to_have_count(3)
    links.nth(0).click()
    inputs = page.locator("main form.sheet [name^=a-]")
    expect(inputs).to_have_count(1)
    inputs.fill(STAGED)
    look(enterprise, "only-this-is-open")
    enterprise.press("保存")
    enterprise.open(f"{case.home}/tables/contracts/rows/r1")
    page.locator('[name="a-contracts-software--r1"]').fill("654321")
    enterprise.press("保存这一行")
    enterprise.open(f"{case.home}/documents")
    assert page.locator("input[type=file]").count() == 1
    page.locator("summary", has_text="替换").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "补全的报告.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes("补全的报告")}
    )
    uploaded = page.locator('#slot-a5 a[href*="/files/"]', has_text="补全的报告.pdf")
    expect(uploaded).to_be_visible(timeout=PATIENCE_MS)


def resubmit(enterprise, case):
    enterprise.open(f"{case.home}/submit")
    enterprise.fill({f"a-{path}": True for path in case.undertakings})
    enterprise.press("重新提交")
    assert case.state() is ApplicationState.SUBMITTED


def test_the_officer_marks_the_enterprise_mends_only_that_and_both_see_what_changed(case, on_phone):
    officer, enterprise = on_phone(case.officer), on_phone(case.owner)
    ask_for_correction(officer, case)
    mend(enterprise, case)

    enterprise.open(f"{case.home}/revisions")
    expect(enterprise.page.get_by_text("已修改", exact=True)).to_have_count(3)
    look(enterprise, "staged")
    officer.open(f"/staff/cases/{case.ref}")
    assert STAGED not in officer.words
    officer.open(f"/staff/cases/{case.ref}/revisions")
    assert STAGED not in officer.words

    resubmit(enterprise, case)
    for visitor, path in ((officer, f"/staff/cases/{case.ref}/revisions"), (enterprise, f"{case.home}/revisions")):
        visitor.open(path)
        changes = visitor.page.locator("[data-difference]")
        expect(changes.locator("ins", has_text="654,321")).to_be_visible()
        expect(changes.locator("del").first).to_be_visible()
        expect(visitor.page.get_by_text("已修改", exact=True)).to_have_count(3)
        look(visitor, "differences")
