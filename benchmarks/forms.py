"""The longest section that a definition may sensibly have: its page, what it is told while one types; the pre-check."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from html import unescape

from werkzeug.test import TestResponse

from benchmarks.figures import Figure, at_most, middle, p95
from benchmarks.workbench import Workbench
from grants.accounts.models import Person
from grants.db import writing
from grants.kernel.clock import real_now
from tests.factories.accounts import make_session, sign_in_by_key
from tests.factories.applications import make_application
from tests.factories.longest import FIELDS, LONGEST, ROWS, make_longest
from tests.support.browsing import Browser
from tests.support.statements import counted

TIMES = 60
PAGE_MS, LIVE_MS = 60, 100
JSON = {"Accept": "application/json"}
PRECHECKED = {
    "a-org-name": "示例软件有限公司",
    "a-org-uscc": "91310115MA1K00015K",
    "a-org-org_type": "企业",
    "a-category": "工业",
    "rows-contracts": "r1 r2 r3",
    **{f"a-contracts-{key}--r{row}": "600000" for key in ("software", "invoiced", "received") for row in (1, 2, 3)},
}
SHOWN = re.compile(r'name="shown"[^>]*value="([^"]*)"')


def figures(bench: Workbench) -> list[Figure]:
    """Server time in this process, the database beside it; nothing else runs."""
    browser = Browser(bench.app, bench.app.response_class)
    with bench.app.app_context(), writing() as session:
        application = make_longest(session, now=real_now())
        address = f"/apply/{application.id}"
        person = session.get_one(Person, application.created_by)
        unit = application.organisation
        empty = make_application(session, call=application.call, person=person, organisation=unit, now=real_now())
        key, precheck = make_session(session, person), f"/calls/{application.call.ref}/precheck"
        empty_live = f"/apply/{empty.id}/live/{LONGEST}"
    sign_in_by_key(browser, key)
    page, live = f"{address}/sections/{LONGEST}", f"{address}/live/{LONGEST}"
    shown = unescape(SHOWN.findall(browser.get(page).text)[0])
    typed = {"shown": shown, **dict.fromkeys(json.loads(shown), "示例内容")}
    for limiter in bench.app.extensions["limiter"]:
        limiter.enabled = False  # one address asks as often as a city
    name = f"section of {FIELDS} fields and {ROWS} rows"
    return [
        *_timed(bench, f"{name}: page", PAGE_MS, lambda: browser.get(page)),
        *_timed(bench, f"{name}: live answer", LIVE_MS, lambda: browser.post(live, data=typed, headers=JSON)),
        *_timed(bench, "new draft: live answer", LIVE_MS, lambda: browser.post(empty_live, data=typed, headers=JSON)),
        *_timed(bench, "pre-check: answer", LIVE_MS, lambda: browser.post(precheck, data=PRECHECKED)),
    ]


def _timed(bench: Workbench, name: str, goal_ms: float, ask: Callable[[], TestResponse]) -> list[Figure]:
    assert ask().status_code == 200, name
    times = []
    for _ in range(bench.scale.count(TIMES, 10)):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1_000)
    with counted() as found:
        ask()
    return [
        at_most(f"{name}: median", middle(times), "ms", goal_ms),
        Figure(f"{name}: 95th percentile", p95(times), "ms"),
        Figure(f"{name}: queries", found.queries, ""),
    ]
