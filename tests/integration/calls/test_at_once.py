"""Two administrators at the same moment, each with a connection of their own, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import func, select

from grants.calls import queries, services
from grants.calls.states import CallState
from grants.db import reading, writing
from grants.factory import create_app
from grants.kernel.actor import SYSTEM
from grants.kernel.errors import DomainError
from grants.programmes.models import DefinitionVersion
from tests.factories.calls import NOON, make_draft
from tests.factories.programmes import make_version, shipped_version
from tests.support.databases import Databases, dispose, make_settings


@pytest.fixture
def own_app(
    database_kind: str, databases: Databases, worker_id: str, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """An application on a database that nobody else uses; the tables are really written."""
    name = f"calls_{worker_id}_{crc32(request.node.name.encode())}"
    url = databases.copy(database_kind, name)
    app = create_app(make_settings(url, databases.folder / "data" / name))
    yield app
    dispose(app)


def at_once(app: Flask, *steps: Callable[[], object]) -> list[object]:
    """Run the steps in threads that start together; what each returns or raises, in order."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return step()
            except DomainError as error:
                return error.code

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_two_loads_of_one_version_keep_one(own_app):
    def load():
        with writing() as session:
            return make_version(session, published=False).version

    assert at_once(own_app, load, load) == [shipped_version()] * 2
    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(DefinitionVersion)) == 1


def test_two_drafts_take_two_references(own_app):
    with own_app.app_context(), writing() as session:
        make_version(session)

    def draft():
        with writing() as session:
            return make_draft(session).ref

    assert sorted(at_once(own_app, draft, draft)) == ["SBC-2026-01", "SBC-2026-02"]


def test_of_two_announcements_one_counts(own_app):
    with own_app.app_context(), writing() as session:
        ref = make_draft(session).ref

    def announce():
        with writing() as session:
            return services.announce_call(session, queries.get_call(session, ref), actor=SYSTEM, now=NOON).state

    assert sorted(map(str, at_once(own_app, announce, announce))) == [CallState.ANNOUNCED, "call_announced"]


def test_editing_and_announcing_at_once_announce_what_was_confirmed(own_app):
    with own_app.app_context(), writing() as session:
        call = make_draft(session)
        ref, seen, title = call.ref, services.plan_fingerprint(call), call.title

    def edit():
        with writing() as session:
            call = queries.get_call(session, ref)
            changed = replace(services.plan_of(call), title="另一个批次名称")
            return services.edit_call(session, call, changed, base=seen, actor=SYSTEM, now=NOON).title

    def announce():
        with writing() as session:
            call = queries.get_call(session, ref)
            return services.announce_call(session, call, base=seen, actor=SYSTEM, now=NOON).title

    edited, announced = at_once(own_app, edit, announce)

    assert (edited, announced) in {("另一个批次名称", "state_changed"), ("call_announced", title)}
