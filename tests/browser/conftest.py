"""A Chromium, a whole installation behind it, and visitors whose pages are checked. ``SHOTS=1`` keeps them as pictures
under build/screenshots."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import launch
from tests.support.databases import Databases
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import Journal
from tests.support.walking.worlds import SiteWorld

SHOTS = Path(__file__).parents[2] / "build" / "screenshots" if os.environ.get("SHOTS") else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of this process; each test has its own empty profile."""
    with sync_playwright() as playwright:
        program = launch(playwright)
        yield program
        program.close()


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Installation]:
    """Web server, relay and workers on the embedded pair; parametrise indirectly with ``production`` for the other."""
    pair = getattr(request, "param", "embedded")
    with installed(pair, databases, "relay", "worker", "bulk", "web", task_limit_s=20) as running:
        running.wait_for_web()
        yield running


@pytest.fixture
def journal(request: pytest.FixtureRequest) -> Iterator[Journal]:
    """What the test's visitors see; whatever was wrong with it fails the test at its end."""
    module, name = (
        name.rpartition(".")[2].removeprefix("test_") for name in (request.module.__name__, request.node.name)
    )
    kept = Journal(SHOTS / module / name if SHOTS is not None else None)
    yield kept
    kept.require_clean()


@pytest.fixture
def world(site: Installation, browser: Browser, journal: Journal) -> SiteWorld:
    """The installation and its visitors, with JavaScript."""
    return SiteWorld(site, browser, journal)
