"""Several at the same moment, each with a connection of its own, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from zlib import crc32

import pytest
from sqlalchemy import func, select

from grants.db import reading, writing
from grants.factory import create_app
from grants.kernel.actor import Role
from grants.kernel.errors import DomainError
from grants.kernel.uscc import make_uscc
from grants.registers import queries, services
from grants.registers.domain import Answer
from grants.registers.models import RegisterAnswer, RegisterCircuit, RegisterImport
from grants.registers.services import Outcome, Question
from grants.registers.states import CircuitState
from grants.registers.states import ImportState as S
from tests.factories.accounts import actor_of, make_staff
from tests.factories.registers import make_import
from tests.support.databases import dispose, make_settings

USCC = make_uscc("91310115", "MA1K0001")
CALLERS = 6


@pytest.fixture
def own_app(database_kind, databases, worker_id, request) -> Iterator:
    """An application on a database that nobody else uses; the tables are really written."""
    name = f"registers_{worker_id}_{crc32(request.node.name.encode())}"
    app = create_app(make_settings(databases.copy(database_kind, name), databases.folder / "data" / name))
    yield app
    dispose(app)


def at_once(app, *steps: Callable[[], object]) -> list[object]:
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


def test_of_two_administrators_who_import_at_once_one_looks_again(own_app, now):
    with own_app.app_context(), writing() as session:
        people = [make_staff(session, Role.ADMINISTRATOR) for _ in range(2)]
        actors = [actor_of(session, person) for person in people]
        uploads = [make_import(session, person, state=S.READY).id for person in people]

    def step(actor, upload_id):
        def run():
            with writing() as session:
                found = session.get_one(RegisterImport, upload_id)
                services.take_import(session, found, confirmed=False, actor=actor, now=now)
            return "taken"

        return run

    ended = at_once(own_app, *map(step, actors, uploads))

    assert sorted(ended) == ["register_import_outdated", "taken"]
    with own_app.app_context(), reading() as session:
        assert len(queries.page_of_snapshots(session, "bans").items) == 1


def test_of_many_callers_one_finds_out_whether_a_service_is_back(own_app, now, ask_by):
    service = ask_by("bans", trip_after=1, rest_s=60)
    question = Question(service, USCC)
    with own_app.app_context(), writing() as session:
        services.settle_answers(session, [Outcome(question, failure="timed_out", blames=True)], now=now)

    def admit():
        with writing() as session:
            return bool(services.admit_questions(session, [question], now=now + timedelta(hours=1))[0].admission)

    assert sum(at_once(own_app, *([admit] * CALLERS))) == 1


def test_the_first_questions_of_all_come_together(own_app, now, ask_by):
    service = ask_by("bans", per_second=100, total_s=1.5)

    def admit():
        with writing() as session:
            return services.admit_questions(session, [Question(service, USCC)], now=now)[0].admission.wait_s

    waits = at_once(own_app, *([admit] * CALLERS))

    assert sorted(waits) == pytest.approx([turn / 100 for turn in range(CALLERS)])


def test_answers_and_failures_that_come_together_are_all_counted(own_app, now, ask_by):
    service = ask_by("bans", trip_after=CALLERS)
    question = Question(service, USCC)

    def settle(outcome):
        def run():
            with writing() as session:
                services.settle_answers(session, [outcome], now=now)

        return run

    good = settle(Outcome(question, answer=Answer(())))
    bad = settle(Outcome(question, failure="timed_out", blames=True))
    assert at_once(own_app, *([good] * CALLERS)) == [None] * CALLERS
    assert at_once(own_app, *([bad] * CALLERS)) == [None] * CALLERS

    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(RegisterAnswer)) == 1
        assert services.circuit_of(session.get(RegisterCircuit, "bans")).state(now) is CircuitState.OPEN
