"""Transactions at the edge: one within another, and what a request leaves behind on its thread."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import psycopg
import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from grants.db import db, dialect, in_one_go, plan_once, read_only, reading, transactional, writing
from grants.db.demo_clock import ClockOffset, read_offset, write_offset
from grants.factory import create_app
from grants.kernel import clock
from grants.kernel.actor import Role
from grants.kernel.errors import InvalidError
from grants.web.forms import ActionForm
from grants.web.guards import public
from tests.factories.accounts import make_session, make_staff, sign_in_by_key
from tests.support.browsing import Browser
from tests.support.databases import dispose, make_settings

_numbers = count(1)
PATIENCE_S = 20


@pytest.fixture
def own_app(database_kind, databases, worker_id):
    """An application on a database of its own, where transactions are real."""
    name = f"edge_{worker_id}_{next(_numbers)}"
    app = create_app(make_settings(databases.copy(database_kind, name), databases.folder / name / database_kind))
    yield app
    dispose(app)


@pytest.mark.parametrize("outer", [reading, writing])
@pytest.mark.parametrize("inner", [reading, writing])
def test_one_transaction_within_another_of_the_same_session_is_refused(own_app, outer, inner):
    """The inner one would end the outer one: undo its changes, or commit half of them."""
    with own_app.app_context():
        with pytest.raises(RuntimeError, match="within"), outer(), inner():
            pass
        with writing() as session:
            write_offset(session, timedelta(hours=1))


def test_writing_within_writing_of_another_context_is_refused_not_waited_for(own_app):
    """On SQLite the inner one would wait for the turn that its own thread holds."""

    def nest():
        with own_app.app_context(), writing() as session:
            write_offset(session, timedelta(hours=1))
            with own_app.app_context(), writing() as inner:
                inner.connection()

    if db_kind(own_app) == "sqlite":
        with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="turn"):
            pool.submit(nest).result(timeout=PATIENCE_S)
    else:
        nest()


def test_nothing_of_a_request_stays_on_its_thread(own_app):
    with own_app.app_context(), writing() as session:
        write_offset(session, timedelta(days=3))

    def ask():
        client = own_app.test_client()
        seen = []
        for method, address in (("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/nowhere")):
            client.open(address, method=method)
            seen.append((read_only.get(), abs(clock.utc_now() - clock.real_now()) < timedelta(minutes=1)))
        return seen

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask).result(timeout=PATIENCE_S) == [(False, True)] * 3


def test_a_page_that_is_not_there_tells_the_installation_s_time(own_app):
    with own_app.app_context(), writing() as session:
        write_offset(session, timedelta(days=3))

    assert "演示时钟" in own_app.test_client().get("/nowhere").text


@pytest.mark.parametrize(("shows", "kept"), [(True, timedelta(0)), (False, timedelta(hours=1))])
def test_nothing_is_kept_of_a_step_whose_refusal_is_shown(own_app, shows, kept):
    @public
    @transactional
    def step():
        write_offset(db.session(), timedelta(hours=1))
        db.session.flush()
        if shows:
            ActionForm().show(InvalidError("invalid"))
        return "shown"

    own_app.add_url_rule("/test-step", "test_step", step, methods=["POST"])

    assert Browser(own_app, own_app.response_class).post("/test-step").text == "shown"

    with own_app.app_context(), reading() as session:
        assert read_offset(session) == kept


@contextmanager
def writer_at_work(app):
    """Somebody holds the place of the one writer."""
    with app.app_context(), writing() as session:
        write_offset(session, timedelta(hours=2))
        yield


def test_a_form_without_its_token_is_refused_without_waiting_for_the_writer(own_app):
    with own_app.app_context(), writing() as session:
        officer = make_staff(session, Role.OFFICER)
        key = make_session(session, officer)
    client = own_app.test_client()
    sign_in_by_key(client, key)

    def post():
        return client.post("/staff/clock", data={}).status_code

    with ThreadPoolExecutor(1) as pool, writer_at_work(own_app):
        assert pool.submit(post).result(timeout=PATIENCE_S) == 400


def test_what_goes_in_one_go_is_there_and_fails_as_it_would_alone(own_app):
    first, second = ({"id": number, "seconds": 60 * number} for number in (1, 2))
    add = insert(ClockOffset.__table__)
    with own_app.app_context():
        with writing() as session, in_one_go(session) as connection:
            connection.execute(add, first)
            connection.execute(update(ClockOffset.__table__).values(seconds=7))
        with reading() as session:
            assert read_offset(session) == timedelta(seconds=7)

        def add_another():
            with writing() as session, in_one_go(session) as connection:
                connection.execute(update(ClockOffset.__table__).values(seconds=8))
                connection.execute(add, second)  # there is one row at most

        with pytest.raises(IntegrityError):
            add_another()
        with writing() as session:
            assert read_offset(session) == timedelta(seconds=7)


def test_what_goes_in_one_go_comes_after_what_the_session_has_changed(own_app):
    with own_app.app_context():
        with writing() as session:
            session.add(ClockOffset(id=1, seconds=1))
            with in_one_go(session) as connection:
                connection.execute(update(ClockOffset.__table__).values(seconds=ClockOffset.__table__.c.seconds + 1))
        with reading() as session:
            assert read_offset(session) == timedelta(seconds=2)


def test_only_a_process_that_says_so_keeps_its_plans(own_app, monkeypatch):
    if db_kind(own_app) == "sqlite":
        return  # it plans nothing beforehand
    monkeypatch.setattr(dialect._Planning, "mode", dialect._Planning.mode)  # put back afterwards

    def mode():
        with own_app.app_context():
            db.engine.dispose()
            with reading() as session:
                return session.scalar(text("SHOW plan_cache_mode"))

    assert mode() == "force_custom_plan"
    plan_once()
    assert mode() == "auto"


def test_a_connection_that_the_server_has_closed_is_never_used(own_app):
    """Ours rest in the pool between requests; a restart of the server must not cost anybody an error page."""

    def ask():
        with own_app.app_context(), reading() as session:
            return read_offset(session)

    assert ask() == timedelta(0)
    close_connections(own_app)
    assert ask() == timedelta(0)


def close_connections(app):
    """End every connection to the database, as a restart does; SQLite has no server."""
    url = app.extensions["settings"].database_url
    if not url.startswith("sqlite"):
        with psycopg.connect(url, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        assert ended == [(True,)]


def db_kind(app):
    with app.app_context():
        return db.engine.dialect.name
