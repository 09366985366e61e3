"""Files as the applicant sees them: several at once, a line that breaks, a page loaded anew, keyboard, phone."""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from grants.accounts.models import Person
from grants.applications import queries
from grants.applications.models import Application
from grants.db import reading, writing
from grants.kernel.clock import real_now
from tests.factories.accounts import PASSWORD
from tests.factories.applications import make_application
from tests.factories.documents import pdf_bytes, picture_bytes
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import PATIENCE_MS, PHONE, BrowserVisitor
from tests.support.walking.enterprises import sign_in

pytestmark = pytest.mark.single_database
MEGABYTE = 1024 * 1024
expect.set_options(timeout=PATIENCE_MS)  # a transfer waits longer after each failure


def large_pdf(megabytes: int) -> bytes:
    """A sound PDF that does not compress."""
    document = pikepdf.open(io.BytesIO(pdf_bytes("大")))
    noise = document.make_stream(random.Random(7).randbytes(megabytes * MEGABYTE))
    document.pages[0].Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(Noise=noise))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def site(databases) -> Iterator[Installation]:
    with installed("embedded", databases, "relay", "worker", "web", task_limit_s=20) as running:
        running.wait_for_web()
        yield running


@dataclass
class Desk:
    """One person at the page of files of a draft of their own."""

    site: Installation
    visitor: BrowserVisitor
    home: str
    application_id: object

    @property
    def page(self) -> Page:
        return self.visitor.page

    def slot(self, key: str) -> Locator:
        return self.page.locator(f"#slot-{key}")

    def choose(self, key: str, *files: Path) -> None:
        self.page.locator(f"#slot-{key}-file").set_input_files(files)

    def files(self) -> list[tuple[str, int]]:
        """Name and size of what is attached."""
        with self.site.app.app_context(), reading() as session:
            application = session.get_one(Application, self.application_id)
            return [(file.name, file.size_bytes) for file in queries.load_draft(session, application).files]


@pytest.fixture
def desk(site, browser, journal) -> Iterator[Desk]:
    with site.app.app_context(), writing() as session:
        application = make_application(session, now=real_now())
        person = session.get_one(Person, application.created_by)
        email, ident = person.email, application.id
    visitor = BrowserVisitor(browser, site.address, journal)
    sign_in(visitor, email, PASSWORD)
    visitor.open(f"/apply/{ident}/documents")
    yield Desk(site, visitor, f"/apply/{ident}", ident)
    visitor.leave()
    journal.faults[:] = [fault for fault in journal.faults if "net::ERR_" not in fault]  # lines that the tests broke


@pytest.fixture
def written(tmp_path) -> Callable[[str, bytes], Path]:
    def write(name: str, content: bytes) -> Path:
        place = tmp_path / name
        place.write_bytes(content)
        return place

    return write


def news(desk: Desk) -> Locator:
    return desk.page.locator("[data-uploads] [data-news]")


def alarm(desk: Desk) -> Locator:
    return desk.page.locator("[data-uploads] [data-alarm]")


def test_several_at_once_each_with_its_bar_and_the_bad_one_named(desk, written):
    pictures = [written(f"截图{n}.png", picture_bytes(size=(300 + n, 200))) for n in range(3)]
    bad = written("坏.png", b"MZ" + bytes(200))

    desk.choose("a16", *pictures, bad)

    slot = desk.slot("a16")
    expect(slot.locator(".file[id^=file-]")).to_have_count(3)
    refused = slot.locator("[data-transfers] .file")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("文件内容与扩展名不符")
    expect(alarm(desk)).to_contain_text("坏.png")
    expect(slot.get_by_text("可以使用")).to_have_count(3)  # the worker has scanned them, the page was not loaded anew
    desk.visitor.note_accessibility()
    desk.page.set_viewport_size(PHONE)
    desk.visitor.note_overflow()
    desk.visitor.picture("several")
    refused.get_by_role("button", name="关闭").click()
    expect(refused).to_have_count(0)
    expect(slot.get_by_role("heading")).to_be_focused()
    assert sorted(name for name, _ in desk.files()) == ["截图0.png", "截图1.png", "截图2.png"]


def test_what_is_there_already_and_what_is_too_many_is_said_in_sight(desk, written):
    content = picture_bytes()
    slot, lines = desk.slot("a16"), desk.slot("a16").locator("[data-transfers] .file")
    desk.choose("a16", written("截图.png", content))
    expect(slot.locator(".file[id^=file-]")).to_have_count(1)

    desk.choose("a16", written("又一次.png", content))
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("这个文件已经在这里，没有重复添加：又一次.png")
    desk.visitor.note_accessibility()

    desk.choose("a16", *(written(f"多{n}.png", picture_bytes(size=(200 + n, 100))) for n in range(5)))
    warning = slot.locator("[data-warning]")
    expect(warning).to_have_text(
        "“软件界面截图”最多 5 个文件，还能上传 4 个，这次选了 5 个，都没有上传。请减少后重新选择。"
    )
    expect(alarm(desk)).to_contain_text("还能上传 4 个")
    desk.choose("a16", *(written(f"多{n}.png", picture_bytes(size=(200 + n, 100))) for n in range(4)))
    expect(slot.locator(".file[id^=file-]")).to_have_count(5)
    expect(warning).to_have_count(0)
    lines.get_by_role("button", name="关闭").click()
    expect(lines).to_have_count(0)


def test_a_broken_line_is_gone_on_with_where_it_broke(desk, written):
    content = large_pdf(6)
    offsets: list[str] = []

    def break_the_third(route: Route) -> None:
        if route.request.method == "PATCH":
            offsets.append(route.request.headers["upload-offset"])
            if len(offsets) == 3:
                route.abort("connectionreset")
                return
        route.continue_()

    desk.page.route("**/uploads/*", break_the_third)
    desk.choose("a1", written("盖章.pdf", content))

    expect(desk.slot("a1").locator(".file[id^=file-]")).to_contain_text("盖章.pdf")
    assert desk.files() == [("盖章.pdf", len(content))]
    assert offsets[0] == "0"
    assert offsets[3] == offsets[2] != "0", "the lost piece was sent again, and nothing before it"


def test_after_loading_the_page_anew_the_same_file_goes_on(desk, written):
    content, offsets = large_pdf(6), []
    file = written("合同🙂(1).pdf", content)
    desk.page.route("**/uploads/*", lambda route: hold_after_two(route, offsets))
    desk.choose("a1", file)
    expect(desk.slot("a1").get_by_text("网络不通")).to_be_visible()
    desk.page.unroute("**/uploads/*")
    desk.page.on("dialog", lambda dialog: dialog.accept())

    desk.page.reload()
    left = desk.slot("a1").locator(".file[id^=upload-]")
    expect(left).to_contain_text("合同🙂(1).pdf")
    expect(left).to_contain_text("再次选择同一个文件，即可从断开的地方继续")
    desk.visitor.note_accessibility()
    with desk.page.expect_request(lambda request: request.method == "PATCH") as first:
        desk.choose("a1", file)

    expect(desk.slot("a1").locator(".file[id^=file-]")).to_contain_text("合同🙂(1).pdf")
    expect(left).to_have_count(0)
    assert int(first.value.headers["upload-offset"]) > 0
    assert desk.files() == [("合同🙂(1).pdf", len(content))]


def hold_after_two(route: Route, offsets: list[str]) -> None:
    if route.request.method == "PATCH":
        offsets.append(route.request.headers["upload-offset"])
    if len(offsets) > 2:
        route.abort("internetdisconnected")
    else:
        route.continue_()


def test_the_server_is_killed_and_the_session_ends_and_nothing_is_sent_twice(desk, written):
    content, offsets = large_pdf(6), []

    def end_the_session(route: Route) -> None:
        if route.request.method == "PATCH":
            offsets.append(int(route.request.headers["upload-offset"]))
            if len(offsets) == 2:
                desk.site.kill("web")
            if len(offsets) == 4:
                cookies.extend(desk.visitor.context.cookies())
                desk.visitor.context.clear_cookies()
        route.continue_()

    cookies: list = []
    desk.page.route("**/uploads/*", end_the_session)
    desk.choose("a1", written("盖章.pdf", content))
    slot = desk.slot("a1")
    expect(slot.get_by_text("网络不通")).to_be_visible()
    desk.site.start("web")
    desk.site.wait_for_web()

    expect(slot.get_by_text("登录已失效，已传的部分不会丢失")).to_be_visible()
    expect(slot.get_by_role("link", name="登录")).to_have_attribute("target", "_blank")
    desk.visitor.note_accessibility()
    desk.visitor.context.add_cookies(cookies)
    slot.get_by_role("button", name="继续").click()

    expect(slot.locator(".file[id^=file-]")).to_contain_text("盖章.pdf")
    assert desk.files() == [("盖章.pdf", len(content))]
    assert offsets == sorted(offsets)


DROP = """([slot, names]) => {
    const dropped = new DataTransfer();
    names.forEach(name => dropped.items.add(new File([`%PDF-${name}`], name)));
    const target = document.querySelector(slot);
    for (const kind of ["dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: dropped}));
    }
}"""


def test_what_is_dropped_beside_a_slot_is_not_taken_and_replacing_asks_first(desk, written):
    desk.choose("a1", written("第一版.pdf", pdf_bytes("一")))
    slot = desk.slot("a1")
    expect(slot.locator(".file[id^=file-]")).to_contain_text("第一版.pdf")

    desk.page.evaluate(DROP, ["footer", ["误投.pdf"]])
    expect(alarm(desk)).to_have_text("请把文件拖到对应材料的框内，其他位置不接收文件。")
    desk.page.evaluate(DROP, ["#slot-a2", ["一.pdf", "二.pdf"]])
    expect(desk.slot("a2")).to_contain_text("“营业执照”只收一个文件，请只选择一个。")
    desk.page.evaluate(DROP, ["#slot-a1", ["第二版.pdf"]])
    expect(slot).to_contain_text("将替换现有的文件“第一版.pdf”")
    expect(slot.get_by_role("button", name="替换")).to_be_focused()
    slot.get_by_role("button", name="取消").click()

    expect(slot.locator("[data-transfers] .file")).to_have_count(0)
    assert [name for name, _ in desk.files()] == ["第一版.pdf"]


def test_by_keyboard_from_what_is_missing_to_the_file_that_is_there(desk, written):
    desk.visitor.open(f"{desk.home}/missing")
    desk.page.get_by_role("link", name="营业执照").first.press("Enter")
    desk.page.wait_for_url("**/documents#slot-a2")
    desk.page.keyboard.press("Tab")
    expect(desk.page.locator("#slot-a2-file")).to_be_focused()
    with desk.page.expect_file_chooser() as chooser:
        desk.page.keyboard.press("Enter")
    chooser.value.set_files(written("执照.pdf", pdf_bytes("照", pages=2)))

    slot = desk.slot("a2")
    expect(news(desk)).to_have_text("已上传：执照.pdf")
    expect(slot.get_by_role("heading", name="营业执照")).to_be_focused()
    expect(slot.get_by_text("可以使用")).to_be_visible()
    expect(news(desk)).to_have_text("执照.pdf：可以使用")
