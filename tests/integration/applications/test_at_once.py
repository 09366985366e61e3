"""Two people at the same moment, on databases of their own: threads with real transactions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from grants import outbox
from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.domain import digest
from grants.applications.models import Application
from grants.applications.services import Base, Entry
from grants.db import db, reading, writing
from grants.factory import create_app
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_member
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import make_call
from tests.support.databases import dispose, make_settings


@pytest.fixture
def own_app(databases, database_kind, request, worker_id) -> Iterator[object]:
    """An application on a database that nobody else uses, so that its transactions are real."""
    name = f"once_{abs(hash(request.node.nodeid)) % 10**8}_{worker_id}"
    app = create_app(make_settings(databases.copy(database_kind, name), databases.folder / "data" / name))
    yield app
    dispose(app)


def at_once(app, *steps: Callable[[], object]) -> list[object]:
    """Run the steps in threads of their own that start together; what each returns or raises, in order."""
    results: list[object] = [None] * len(steps)
    gate = threading.Barrier(len(steps))

    def run(place: int, step: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[place] = step()
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@contextmanager
def made(app, make):
    """Make something in a transaction that is committed; gives its id."""
    with app.app_context(), writing() as session:
        found = make(session)
        session.flush()
        ident = found.id
    yield ident


def save(application_id, person_id, path, value, base, now):
    def step():
        with writing() as session:
            application = session.get_one(Application, application_id)
            actor = actor_of(session, session.get_one(Person, person_id))
            return services.save_answers(session, application, [Entry(path, "", value, base)], actor=actor, now=now)

    return step


def submit(application_id, now):
    def step():
        with writing() as session:
            application = session.get_one(Application, application_id)
            accepted = services.undertakings_of(definition_of(application.call.definition))
            actor = owner_of(session, application)
            revision = services.submit_application(session, application, actor=actor, now=now, undertakings=accepted)
            return application.receipt_no, revision.number

    return step


SHOWN_EMPTY = Base(0, digest(None))


def two_people(app, now):
    with app.app_context(), writing() as session:
        application = make_application(session, now=now)
        return application.id, application.created_by, make_member(session, application.organisation).id


def test_editors_of_different_fields_lose_nothing(own_app, now):
    application, one, other = two_people(own_app, now)

    outcomes = at_once(
        own_app,
        save(application, one, "product_name", "示例软件", SHOWN_EMPTY, now),
        save(application, other, "version", "V1.0", SHOWN_EMPTY, now),
    )

    assert [outcome.conflicts for outcome in outcomes] == [(), ()]
    with own_app.app_context(), reading() as session:
        draft = queries.load_draft(session, session.get_one(Application, application))
        assert (draft.value("product_name"), draft.value("version")) == ("示例软件", "V1.0")
        assert session.get_one(Application, application).title == "示例软件 V1.0"


def test_of_two_editors_of_the_same_field_one_sees_both_texts(own_app, now):
    application, one, other = two_people(own_app, now)

    outcomes = at_once(
        own_app,
        save(application, one, "product_name", "甲的名称", SHOWN_EMPTY, now),
        save(application, other, "product_name", "乙的名称", SHOWN_EMPTY, now),
    )

    (conflict,) = [conflict for outcome in outcomes for conflict in outcome.conflicts]
    assert {conflict.mine, conflict.theirs} == {"甲的名称", "乙的名称"}
    with own_app.app_context(), reading() as session:
        draft = queries.load_draft(session, session.get_one(Application, application))
        assert draft.value("product_name") == conflict.theirs


def test_two_submissions_at_once_submit_once(own_app, now):
    with made(own_app, lambda session: make_application(session, complete=True, now=now)) as application:
        results = at_once(own_app, submit(application, now), submit(application, now))

    assert results == [(1, 1), (1, 1)]
    with own_app.app_context(), reading() as session:
        topics = session.scalars(select(outbox.Message.topic)).all()
        assert topics.count("application.submitted") == 1


def test_receipt_numbers_have_no_gaps(own_app, now):
    count = 8
    with own_app.app_context(), writing() as session:
        call = make_call(session, now=now)
        ids = [make_application(session, call=call, complete=True, now=now).id for _ in range(count)]
        incomplete = make_application(session, call=call, now=now).id

    results = at_once(own_app, *(submit(ident, now) for ident in ids), submit(incomplete, now))

    numbers = sorted(result[0] for result in results if isinstance(result, tuple))
    assert numbers == list(range(1, count + 1)), results


def test_what_is_saved_while_submitting_is_in_the_revision_or_refused(own_app, now):
    with own_app.app_context(), writing() as session:
        application = make_application(session, complete=True, now=now)
        ident, owner = application.id, application.created_by

    saved, submitted = at_once(own_app, save(ident, owner, "version", "V7", None, now), submit(ident, now))

    assert submitted == (1, 1)
    with own_app.app_context(), reading() as session:
        revision = queries.current_revision(session, session.get_one(Application, ident))
        frozen = queries.case_content(revision)["answers"]["version"]
    assert frozen == ("V1.0" if isinstance(saved, Exception) else "V7")
