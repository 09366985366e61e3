"""Options, the run's databases, and the fixtures every layer shares."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

# Before anything of the product is imported: whatever reads the environment in this process is a test.
os.environ["GRANTS_MODE"] = "test"
if "TEST_RUN_FOLDER" not in os.environ:  # xdist's processes inherit the controlling one's
    os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="grants-test-")
os.environ["DATA_DIR"] = f"{os.environ['TEST_RUN_FOLDER']}/environment"

from grants.db import db, read_only
from grants.factory import create_app
from grants.kernel.clock import SHANGHAI
from tests.support.browsing import Browser
from tests.support.databases import Databases, dispose, make_settings
from tests.support.postgresql import postgresql_server

KINDS = ("sqlite", "postgresql")
WRITES = ("INSERT", "UPDATE", "DELETE")
NOON = datetime(2026, 3, 18, 12, 0, tzinfo=SHANGHAI)  # a Wednesday
LONGEST = (  # files that begin first; the pages wait for the demonstration, which one of them loads
    "browser/pages/test_pages_of_administration.py",
    "browser/test_drafts.py",
    "browser/test_uploads.py",
    "browser/test_tables.py",
    "browser/test_live.py",
    "browser/pages/",
    "browser/",
)
RUN = pytest.StashKey[Databases]()
CLEAN_UP = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", action="append", choices=KINDS, help="databases to run on; both unless given")


def kinds_of(config: pytest.Config) -> list[str]:
    return config.getoption("--db") or list(KINDS)


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process finds or starts PostgreSQL, names the run and cleans up; xdist's workers are told."""
    told = getattr(config, "workerinput", None)
    clean_up = config.stash[CLEAN_UP] = ExitStack()
    folder = Path(os.environ["TEST_RUN_FOLDER"])
    if told is not None:
        config.stash[RUN] = Databases(told["run"], folder, told["server_url"])
        return
    clean_up.callback(shutil.rmtree, folder, ignore_errors=True)
    if config.option.collectonly or "postgresql" not in kinds_of(config):
        server_url = None
    else:
        server_url = clean_up.enter_context(postgresql_server())
    config.stash[RUN] = Databases(secrets.token_hex(4), folder, server_url)
    clean_up.callback(config.stash[RUN].drop_all)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays on one process: what takes longest begins first, so that nothing is left alone at the end."""

    def rank(item: pytest.Item) -> int:
        file = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((place for place, start in enumerate(LONGEST) if file.startswith(start)), len(LONGEST))

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    databases = node.config.stash[RUN]
    node.workerinput.update(run=databases.run, server_url=databases.server_url)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test has not run, so the run is not a success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[CLEAN_UP].close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = kinds_of(metafunc.config)
        if metafunc.definition.get_closest_marker("single_database"):
            kinds = kinds[:1]
        first, *others = kinds
        if metafunc.definition.get_closest_marker("second_database_soaks"):
            others = [pytest.param(kind, marks=pytest.mark.soak) for kind in others]
        metafunc.parametrize("database_kind", [first, *others])


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where to ask for a database of one's own: ``databases.copy(kind, name)``."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Which of xdist's processes this is; ``main`` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def apps(databases: Databases, worker_id: str) -> Iterator[dict[str, Flask]]:
    """The applications of this process by kind of database, made when first asked for."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        dispose(app)


@pytest.fixture
def app(database_kind: str, apps: dict[str, Flask], databases: Databases, worker_id: str) -> Flask:
    """The application on a migrated database that all tests of this process share, each in its savepoint."""
    if database_kind not in apps:
        url = databases.copy(database_kind, f"shared_{worker_id}")
        apps[database_kind] = create_app(make_settings(url, databases.folder / "data" / worker_id / database_kind))
    return apps[database_kind]


def refuse_to_write_while_reading(connection: Connection, cursor: object, statement: str, *rest: object) -> None:
    """Within a test's outer transaction the database cannot tell reading requests from writing ones; so this does."""
    if read_only.get() and statement.lstrip().upper().startswith(WRITES):
        raise RuntimeError(f"a reading transaction writes: {statement[:200]}")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A real session whose commits end in a savepoint; everything is rolled back after the test."""
    with app.app_context():
        engines = db.engines
        engine = engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            event.listen(connection, "before_cursor_execute", refuse_to_write_while_reading)
            engines[None] = connection
            try:
                yield db.session()
            finally:
                db.session.remove()
                engines[None] = engine
                if outer.is_active:
                    outer.rollback()


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser without JavaScript, on the test's own savepoint."""
    return Browser(app, app.response_class)


@pytest.fixture
def now() -> datetime:
    """The instant at which the test takes place."""
    return NOON


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """The machine's clock, stopped at ``now``, for tests of edges that read it; ``clock.move_to(...)`` goes on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
