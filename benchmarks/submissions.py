"""Submissions: at the services with one and eight connections, and through HTTP, beside a bare insert and commit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from multiprocessing import get_context

import psycopg
from flask import Flask

from benchmarks import bare, clients
from benchmarks.figures import Figure, at_most, times
from benchmarks.seeds import Waiting, actor_for, cookie_of
from benchmarks.workbench import Workbench
from grants.applications import services
from grants.applications.forms import input_name
from grants.applications.models import Application
from grants.config import Settings
from grants.db import writing
from grants.factory import create_app
from grants.kernel.clock import real_now
from grants.programmes.queries import definition_of
from tests.support.statements import counted

CONNECTIONS = (1, 8)
GOAL = 6  # times the bare submission, both through HTTP
EACH = 160  # submissions of one measurement
BARE = 2_000
WARM_UP = 8


def needed(bench: Workbench) -> int:
    """How many drafts ``measure`` uses up."""
    return bench.scale.count(EACH, 16) * (len(CONNECTIONS) + 1) + 2


def measure(bench: Workbench, drafts: Sequence[Waiting]) -> list[Figure]:
    """All figures; the drafts have been submitted afterwards."""
    left = list(drafts)
    count = bench.scale.count(EACH, 16)
    found = []
    for connections in CONNECTIONS:
        ours = spread(bench, submit_share, _take(left, count), connections)
        limit = spread(bench, insert_share, range(bench.scale.count(BARE, 200)), connections)
        name = f"submissions, services, {connections} connection{'s' if connections > 1 else ''}"
        found.append(times(name, rate=ours, limit=limit))
    found.append(through_http(bench, _take(left, count)))
    submit_one(bench.app, left.pop())  # compiled and cached from here on
    with counted() as asked:
        submit_one(bench.app, left.pop())
    return [
        *found,
        Figure("one submission: queries", asked.queries, ""),
        at_most("one submission: commits", asked.commits, "", 1),
    ]


def _take(left: list[Waiting], count: int) -> list[Waiting]:
    taken, left[:] = left[:count], left[count:]
    return taken


def submit_one(app: Flask, waiting: Waiting) -> None:
    """What the view does once the form is valid: one transaction."""
    with app.app_context(), writing() as session:
        application = session.get_one(Application, waiting.application_id)
        undertakings = services.undertakings_of(definition_of(application.call.definition))
        actor = actor_for(session, waiting.person_id)
        services.submit_application(session, application, actor=actor, now=real_now(), undertakings=undertakings)


def submit_share(settings: Settings, share: Sequence[Waiting], start: object) -> tuple[float, float]:
    """One connection's share, in a process of its own."""
    app = create_app(settings)
    submit_one(app, share[0])  # compiles the definition, opens the connection
    start.wait()  # type: ignore[attr-defined]
    begun = time.time()
    for waiting in share[1:]:
        submit_one(app, waiting)
    return begun, time.time()


def insert_share(settings: Settings, share: Sequence[object], start: object) -> tuple[float, float]:
    """One connection's share of bare submissions."""
    with psycopg.connect(settings.database_url) as connection:
        bare.insert_one(connection)
        start.wait()  # type: ignore[attr-defined]
        begun = time.time()
        for _ in share[1:]:
            bare.insert_one(connection)
        return begun, time.time()


def spread(bench: Workbench, work: object, items: Sequence[object], connections: int) -> float:
    """Items a second over all connections, from the common start to the last one's end."""
    spawn = get_context("spawn")
    shares = [items[number::connections] for number in range(connections)]
    with spawn.Manager() as manager, spawn.Pool(connections) as pool:
        start = manager.Barrier(connections)
        results = pool.starmap(work, [(bench.settings, share, start) for share in shares], chunksize=1)  # type: ignore[arg-type]
    done = sum(len(share) - 1 for share in shares)
    return done / (max(end for _, end in results) - min(begun for begun, _ in results))


def through_http(bench: Workbench, drafts: Sequence[Waiting]) -> Figure:
    """Press the button on the last page, at four clients, beside the bare insert through bare Flask."""
    with bench.web("wsgi:app") as ours, bench.web("benchmarks.bare:app") as bare_port:
        clients.wait_for(ours, "/")
        clients.wait_for(bare_port, "/worklist")
        own = [_form(bench, waiting) for waiting in drafts]
        empty = [clients.Form("/submit", "", "csrf_token=x")] * bench.scale.count(BARE, 200)
        clients.send_forms(ours, own[:WARM_UP])
        rate = clients.send_forms(ours, own[WARM_UP:])
        limit = clients.send_forms(bare_port, empty)
    name = f"submissions through HTTP, {clients.CLIENTS} clients"
    return times(name, rate=rate.per_second, limit=limit.per_second, at_most=GOAL)


def _form(bench: Workbench, waiting: Waiting) -> clients.Form:
    with bench.app.app_context(), writing() as session:
        application = session.get_one(Application, waiting.application_id)
        paths = services.undertakings_of(definition_of(application.call.definition))
    ticks = {input_name(path): "y" for path in paths}
    cookie = cookie_of(bench.app, waiting.person_id)
    address = f"/apply/{waiting.application_id}/submit"
    return clients.form(address, cookie, bench.settings.secret_key, revision_no="0", **ticks)
