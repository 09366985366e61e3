"""A Chromium and a whole installation behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import launch
from tests.support.databases import Databases
from tests.support.installation import Installation, installed

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of this process; each test has its own empty profile."""
    with sync_playwright() as playwright:
        program = launch(playwright)
        yield program
        program.close()


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Installation]:
    """Web server, relay and worker on the embedded pair; parametrise indirectly with ``production`` for the other."""
    with installed(getattr(request, "param", "embedded"), databases, "relay", "worker", "web") as running:
        running.wait_for_web()
        yield running


@pytest.fixture
def page(browser: Browser, site: Installation) -> Iterator[Page]:
    """An empty profile whose addresses start at the site."""
    context = browser.new_context(base_url=site.address, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots are kept after the run."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
