"""Autosave: one answer at a time through HTTP with one and eight connections, beside the same save through bare Flask
and psycopg; and what one save costs the server."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from urllib.parse import parse_qsl

from benchmarks import clients
from benchmarks.figures import Figure, at_most, middle, share
from benchmarks.seeds import Waiting, cookie_of
from benchmarks.workbench import Workbench
from grants.applications import queries
from grants.applications.domain import digest
from grants.applications.forms import input_name
from grants.applications.models import Application
from grants.db import reading
from tests.support.statements import counted

CONNECTIONS = (1, 8)
GOAL_PERCENT = 25  # of the bare save's rate
MOST_QUERIES = 6
MOST_MS = 15
SAVES = 2_400  # of one measurement, over all connections
BARE = 4_800
ALONE = 200  # measured within this process
WARM_UP = 10  # of each connection
FIELD = "tech_summary"


def needed(bench: Workbench) -> int:
    """How many drafts ``measure`` uses."""
    return sum(CONNECTIONS) + 1


def measure(bench: Workbench, drafts: Sequence[Waiting]) -> list[Figure]:
    """All figures; every draft is edited by its own person."""
    left = list(drafts)
    found = []
    with bench.web("wsgi:app") as ours, bench.web("benchmarks.bare:app") as bare_port:
        clients.wait_for(ours, "/")
        clients.wait_for(bare_port, "/worklist")
        for connections in CONNECTIONS:
            mine = [left.pop() for _ in range(connections)]
            found.append(through_http(bench, mine, ours, bare_port))
    return [*found, *alone(bench, left.pop())]


def through_http(bench: Workbench, mine: Sequence[Waiting], ours: int, bare_port: int) -> Figure:
    """Saves per second, one connection to a draft."""
    connections = len(mine)
    rounds = bench.scale.count(SAVES // connections, 40)
    series = [saves_of(bench, waiting, rounds + WARM_UP) for waiting in mine]
    in_turn = [form for number in range(rounds + WARM_UP) for form in (one[number] for one in series)]
    bare = [clients.Form("/save", "", f"answer={number % connections}&value={'x' * 300}") for number in range(BARE)]
    warm = WARM_UP * connections
    clients.send_forms(ours, in_turn[:warm], connections, expected=200)
    rate = clients.send_forms(ours, in_turn[warm:], connections, expected=200)
    clients.send_forms(bare_port, bare[:warm], connections, expected=200)
    limit = clients.send_forms(bare_port, bare[: bench.scale.count(BARE, 200)], connections, expected=200)
    name = f"autosave through HTTP, {connections} connection{'s' if connections > 1 else ''}"
    return share(name, rate=rate.per_second, limit=limit.per_second, at_least_percent=GOAL_PERCENT)


def alone(bench: Workbench, waiting: Waiting) -> list[Figure]:
    """Queries and time of one save within this process: the application without web server and network."""
    forms = saves_of(bench, waiting, bench.scale.count(ALONE, 20) + WARM_UP)
    browser = bench.app.test_client(use_cookies=False)
    seconds, asked = [], 0
    for number, form in enumerate(forms):
        fields = parse_qsl(form.body)
        with counted() as found:
            begun = time.perf_counter()
            answer = browser.post(form.path, data=dict(fields), headers={"Cookie": form.cookie})
            spent = time.perf_counter() - begun
        if list(answer.json["saved"]) != [input_name(FIELD)]:
            raise AssertionError(answer.text[:500])
        if number >= WARM_UP:
            seconds.append(spent)
            asked = max(asked, found.queries)
    return [
        at_most("one autosave: queries", asked, "", MOST_QUERIES),
        at_most("one autosave: server time, median", 1_000 * middle(seconds), "ms", MOST_MS),
    ]


def saves_of(bench: Workbench, waiting: Waiting, count: int) -> list[clients.Form]:
    """So many saves of one answer, each with the base that the one before it leaves."""
    with bench.app.app_context(), reading() as session:
        draft = queries.load_draft(session, session.get_one(Application, waiting.application_id))
        standing = draft.answers[FIELD, ""]
    cookie, name = cookie_of(bench.app, waiting.person_id), input_name(FIELD)
    text, forms = standing.value, []
    for number in range(count):
        shown = json.dumps({name: [standing.version + number, digest(text)]})
        text = f"{standing.value[:280]}{number}"
        fields = {"person": str(waiting.person_id), "shown": shown, name: text}
        address = f"/apply/{waiting.application_id}/autosave"
        forms.append(clients.form(address, cookie, bench.settings.secret_key, **fields))
    return forms
