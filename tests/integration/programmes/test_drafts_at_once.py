"""Two administrators at the same moment, each with a connection of their own, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import func, select

from grants.accounts.models import Person
from grants.db import reading, writing
from grants.factory import create_app
from grants.kernel.actor import Role
from grants.kernel.errors import DomainError
from grants.programmes import queries, services
from grants.programmes.domain.editing import part_text
from grants.programmes.models import DefinitionDraft, DefinitionVersion
from tests.factories.accounts import actor_of, make_staff
from tests.factories.calls import NOON
from tests.factories.programmes import make_version
from tests.factories.workbench import make_definition_draft
from tests.support.databases import Databases, dispose, make_settings


@pytest.fixture
def own_app(
    database_kind: str, databases: Databases, worker_id: str, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """An application on a database that nobody else uses; the tables are really written."""
    name = f"drafts_{worker_id}_{crc32(request.node.name.encode())}"
    url = databases.copy(database_kind, name)
    app = create_app(make_settings(url, databases.folder / "data" / name))
    yield app
    dispose(app)


@pytest.fixture
def administrators(own_app):
    """The keys of two administrators."""
    with own_app.app_context(), writing() as session:
        make_version(session)
        return [make_staff(session, Role.ADMINISTRATOR).id for _ in range(2)]


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


def actor(session, key):
    return actor_of(session, session.get_one(Person, key))


def test_two_who_begin_share_one_draft(own_app, administrators):
    def begin(key):
        def step():
            with writing() as session:
                programme = queries.find_programme(session, "sbc")
                return services.start_draft(session, programme, actor=actor(session, key), now=NOON).id

        return step

    found = at_once(own_app, *(begin(key) for key in administrators))

    assert found[0] == found[1]
    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(DefinitionDraft)) == 1


def test_of_two_who_save_the_same_part_one_is_told(own_app, administrators):
    with own_app.app_context(), writing() as session:
        draft = make_definition_draft(session, "sbc")
        stands = part_text(draft.content, "stages")

    def save(key, note):
        def step():
            with writing() as session:
                found, seen = queries.get_open_draft(session, "sbc"), services.fingerprint_of(stands)
                text = stands + f"  # {note}\n"
                services.save_part(session, found, "stages", text, seen=seen, actor=actor(session, key), now=NOON)
                return note

        return step

    told = at_once(own_app, save(administrators[0], "one"), save(administrators[1], "two"))

    assert sorted(told) in (["draft_moved", "one"], ["draft_moved", "two"])
    with own_app.app_context(), reading() as session:
        content = queries.get_open_draft(session, "sbc").content
    assert ("# one" in content) is (told[0] == "one")
    assert ("# two" in content) is (told[1] == "two")


def test_of_two_decisions_one_holds(own_app, administrators):
    with own_app.app_context(), writing() as session:
        draft = make_definition_draft(session, "sbc", proposed=True)
        seen = services.fingerprint_of(draft.content)

    def decide(key):
        def step():
            with writing() as session:
                found = queries.find_open_draft(session, "sbc")
                if found is None:
                    return "nothing_open"
                decided = services.decide_draft(
                    session, found, approved=True, note="", seen=seen, actor=actor(session, key), now=NOON
                )
                return str(decided.state)

        return step

    told = at_once(own_app, *(decide(key) for key in administrators))

    assert told.count("published") == 1
    assert set(told) <= {"published", "draft_not_proposed", "nothing_open"}
    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(DefinitionVersion)) == 2
