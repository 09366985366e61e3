"""A visitor at a real Chromium. Every kind of page is checked when it is first seen, and kept as a picture if asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

from tests.support.walking.visitor import Fetched, File, Typed, parts_of, shape_of, spaceless

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # what passes is not written down: half of the time on a long page
}
_OWN_ANSWER = re.compile(  # what a page is told when something was refused, and when a test cuts the network
    r"Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)"
)


def name_of(path: str) -> str:
    """The name of a picture of the page at this address."""
    return shape_of(path).strip("/").replace("/", ".") or "home"


class Journal:
    """What the visitors of one module have seen, and everything that was wrong with it; ``folder`` takes the pictures,
    None keeps none."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.seen: set[tuple[str, int]] = set()
        self.faults: list[str] = []
        self.number = 0

    def is_new(self, path: str, status: int) -> bool:
        """Whether this kind of page is seen for the first time; it counts as seen from now on."""
        key = (shape_of(path), status)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def file_for(self, name: str) -> Path | None:
        """Where the next picture goes; numbers keep the order of the journey."""
        if self.folder is None:
            return None
        self.number += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{self.number:03d}-{name}.png"

    def require_clean(self) -> None:
        """Fail with everything that was found."""
        assert self.faults == [], "\n".join(self.faults)


class BrowserVisitor:
    """One person with an empty profile. ``script`` false switches JavaScript off."""

    def __init__(self, browser: Browser, address: str, journal: Journal, *, script: bool = True) -> None:
        self.journal, self.script, self.address = journal, script, address
        self.context = browser.new_context(
            base_url=address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            viewport=DESKTOP,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: journal.faults.append(f"{self.page.url}: script failed: {error}"))
        self.page.on("request", self._note_request)
        self._status = 0

    @property
    def path(self) -> str:
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def status(self) -> int:
        return self._status

    @property
    def words(self) -> str:
        return spaceless(self.page.locator("body").text_content() or "")

    def open(self, path: str) -> None:
        self._arrive(self.page.goto(path))

    def names(self) -> list[str]:
        found = self.page.locator("main input[name], main select[name], main textarea[name]")
        names: list[str] = found.evaluate_all("nodes => nodes.map(node => node.name)")
        return names

    def links(self, part: str) -> list[str]:
        found: list[str] = self.page.locator("a[href]").evaluate_all(
            "nodes => nodes.map(node => node.href.slice(location.origin.length))"
        )
        return list(dict.fromkeys(path for path in found if part in path))

    def fill(self, values: Mapping[str, Typed], *, within: str = "") -> None:
        scope = self._scope(within)
        for name, value in values.items():
            for part, piece in parts_of(name, value).items():
                self._set(scope.locator(f'[name="{part}"]'), piece)

    def press(self, label: str, *, within: str = "") -> None:
        button = self._scope(within).get_by_role("button", name=label, exact=True).first
        if not self.script:
            with self.page.expect_navigation() as navigation:
                button.click()
            self._arrive(navigation.value)
            return
        # a page may change its own address before it is left, and that counts as a navigation too
        self.page.evaluate("window.isHere = true")
        with self.page.expect_response(lambda answer: self._is_page(answer)) as answered:
            button.click()
        self.page.wait_for_function("!window.isHere")
        self.page.wait_for_load_state()
        self._arrive(answered.value)

    def hand_in(self, name: str, file: File, *, slot: str) -> None:
        self.fill({name: file})
        if not self.script:
            self.press("上传", within=slot)
            return
        arrived = self._scope(slot).locator(".file[id^=file-]").filter(has_text=file.name)
        arrived.first.wait_for()

    def fetch(self, path: str) -> Fetched:
        answer = self.context.request.get(path)
        return Fetched(answer.status, answer.headers.get("content-type", ""), answer.body())

    def picture(self, name: str) -> None:
        """At both widths; on the phone nothing may be wider than the screen."""
        self._leave_input()
        self.shoot(name)
        self.page.set_viewport_size(PHONE)
        self.shoot(f"{name}-phone")
        self.note_overflow()
        self.page.set_viewport_size(DESKTOP)

    def shoot(self, name: str) -> None:
        """Keep the whole page as a picture, where pictures are wanted."""
        file = self.journal.file_for(name)
        if file is not None:
            self._leave_input()
            self.page.screenshot(path=file, full_page=True)

    def note_overflow(self) -> None:
        """Note a page that scrolls sideways."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth")
        shown: int = self.page.evaluate("document.documentElement.clientWidth")
        if width > shown:
            self.journal.faults.append(f"{self.path}: {width} px wide on a screen of {shown} px")

    def note_accessibility(self) -> None:
        """Note what axe finds."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        for violation in found:
            places = "; ".join(str(node["target"]) + " " + node["html"][:160] for node in violation["nodes"][:3])
            self.journal.faults.append(f"{self.path}: axe {violation['id']}: {violation['help']}: {places}")

    def leave(self) -> None:
        self.context.close()

    def _arrive(self, response: Response | None) -> None:
        self._status = response.status if response is not None else 200  # None: only the fragment changed
        if not self.journal.is_new(self.path, self._status):
            return
        if self.script:
            self.note_accessibility()
        self.shoot(name_of(self.path))

    def _is_page(self, answer: Response) -> bool:
        """Whether an answer is the page that the visitor comes to, and no redirection to it."""
        asked = answer.request
        return asked.is_navigation_request() and asked.frame == self.page.main_frame and not 300 <= answer.status < 400

    def _leave_input(self) -> None:
        """Leave an input before the window changes its size, as it does for a picture of the whole page.

        Chromium brings an input in use back into view, on a busy machine so late that what is pressed next is pulled
        away under the pointer.
        """
        self.page.evaluate("if (document.activeElement?.matches('input, textarea')) { document.activeElement.blur(); }")

    def _scope(self, within: str) -> Locator:
        return self.page.locator(f'[id="{within}"]') if within else self.page.locator("main")

    def _set(self, inputs: Locator, value: Typed) -> None:
        first = inputs.first
        if isinstance(value, File):
            first.set_input_files({"name": value.name, "mimeType": "application/octet-stream", "buffer": value.content})
            return
        kind = first.evaluate("node => node.type")
        if kind == "radio":
            inputs.and_(self.page.locator(f'[value="{value}"]')).check()
        elif kind == "checkbox" and isinstance(value, bool):
            first.set_checked(value)
        elif kind == "checkbox":
            for box in inputs.all():
                box.set_checked(box.get_attribute("value") in value)  # type: ignore[operator]
        elif kind == "select-one":
            first.select_option(str(value))
        else:
            first.fill(str(value))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _OWN_ANSWER.match(message.text):
            self.journal.faults.append(f"{self.page.url}: console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.journal.faults.append(f"{self.page.url}: asks elsewhere: {request.url}")
