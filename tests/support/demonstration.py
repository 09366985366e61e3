"""The demonstration as a database: loaded once per run and kind, copied for each who asks."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from psycopg import sql

from grants.accounts.services import hash_password
from grants.db import writing
from grants.demo.load import load
from grants.demo.people import PASSWORD
from grants.factory import create_app
from grants.kernel.clock import local_date, real_now
from tests.support.databases import Databases, dispose, make_settings

__all__ = ["Demonstration", "copy_demonstration", "demo_app", "demo_apps", "demo_database"]


@dataclass(frozen=True)
class Demonstration:
    """A database with the demonstration of today, and the data folder with its papers."""

    url: str
    folder: Path


def template_of(databases: Databases, kind: str) -> Demonstration:
    """The loaded database nobody writes to; made by the first process of the run that asks, in about half a minute."""
    template = Demonstration(_url(databases, kind, "demo"), databases.folder / "data" / f"demo_{kind}")
    mark = databases.folder / f"demo.{kind}"
    with databases.alone(f"demo.{kind}"):
        if not mark.exists():
            databases.copy(kind, "demo")
            app = create_app(make_settings(template.url, template.folder))
            with app.app_context(), writing() as session:
                load(session, today=local_date(real_now()), password_hash=hash_password(PASSWORD))
            dispose(app)
            mark.touch()
    return template


def copy_demonstration(databases: Databases, kind: str, name: str) -> Demonstration:
    """A demonstration of one's own."""
    template = template_of(databases, kind)
    if kind == "sqlite":
        file = databases.fresh_file(name)
        with databases.alone(f"demo.{kind}"):
            shutil.copyfile(template.url.removeprefix("sqlite:///"), file)
        url = f"sqlite:///{file}"
    else:
        full, source = databases.full_name(name), databases.full_name("demo")
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with databases.alone(f"demo.{kind}"):
            databases.execute(statement.format(sql.Identifier(full), sql.Identifier(source)))
        url = databases.url_of(full)
    folder = databases.folder / "data" / name
    shutil.copytree(template.folder / "files", folder / "files")
    return Demonstration(url, folder)


def _url(databases: Databases, kind: str, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{databases.folder / 'sqlite' / name / 'grants.sqlite3'}"
    return databases.url_of(databases.full_name(name))


@pytest.fixture(scope="session")
def demo_database(databases: Databases) -> Callable[[str, str], Demonstration]:
    """``demo_database(kind, name)``: a copy of the demonstration for whoever writes to it; ``name`` is unique."""
    return lambda kind, name: copy_demonstration(databases, kind, name)


@pytest.fixture(scope="session")
def demo_apps(databases: Databases, worker_id: str) -> Iterator[dict[str, Flask]]:
    """The applications on this process's own copies, made when first asked for."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        dispose(app)


@pytest.fixture
def demo_app(database_kind: str, demo_apps: dict[str, Flask], databases: Databases, worker_id: str) -> Flask:
    """The application on a copy of the demonstration that the tests of this process share; read it only."""
    if database_kind not in demo_apps:
        copied = copy_demonstration(databases, database_kind, f"demo_{worker_id}_{database_kind}")
        demo_apps[database_kind] = create_app(make_settings(copied.url, copied.folder))
    return demo_apps[database_kind]
