"""Databases of the tests: migrated by Alembic once per run into a template, copied for each who asks, dropped."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import flask_migrate
import psycopg
from flask import Flask
from psycopg import sql

from grants.config import Settings
from grants.db import db
from grants.factory import create_app

MIGRATIONS = Path(__file__).parents[2] / "migrations"
SECRET = "for tests only, " * 4
SIGNING_KEY = "5e" * 32


def make_settings(
    database_url: str, folder: Path, *, broker_url: str = "", instance: str = "test", port: int = 0
) -> Settings:
    """Settings of an application under test; everything it writes lies in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return Settings.from_env(
        {
            "GRANTS_MODE": "test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "BROKER_URL": broker_url,
            "SECRET_KEY": SECRET,
            "AUDIT_KEY": SECRET,
            "SIGNING_KEY": SIGNING_KEY,
            "INSTANCE": instance,
            "PORT": str(port),
        }
    )


def migrate(database_url: str, folder: Path) -> None:
    """Bring the database to the last migration, as an operator would."""
    app = create_app(make_settings(database_url, folder))
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        dispose(app)


def dispose(app: Flask) -> None:
    """Close the application's pooled connections."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@dataclass
class Databases:
    """The databases of one run: ``run`` names it, ``folder`` holds its files, ``server_url`` its PostgreSQL."""

    run: str
    folder: Path
    server_url: str | None

    def copy(self, kind: str, name: str) -> str:
        """A migrated database of one's own; ``kind`` is ``sqlite`` or ``postgresql``. Returns its address."""
        with self.alone(kind):
            return self.copy_sqlite(name) if kind == "sqlite" else self.copy_postgresql(name)

    def empty(self, kind: str, name: str) -> str:
        """A database without tables."""
        if kind == "sqlite":
            return f"sqlite:///{self.fresh_file(name)}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.full_name(name))))
        return self.url_of(self.full_name(name))

    def copy_sqlite(self, name: str) -> str:
        template = self.folder / "template.sqlite3"
        if not template.exists():
            Path(f"{template}.new").unlink(missing_ok=True)  # of an attempt that failed
            migrate(f"sqlite:///{template}.new", self.folder / "template")
            Path(f"{template}.new").rename(template)
        file = self.fresh_file(name)
        shutil.copyfile(template, file)
        return f"sqlite:///{file}"

    def copy_postgresql(self, name: str) -> str:
        template, mark = self.full_name("template"), self.folder / "template.postgresql"
        if not mark.exists():
            statement = sql.SQL("DROP DATABASE IF EXISTS {}")
            self.execute(statement.format(sql.Identifier(template)))  # of an attempt that failed
            migrate(self.empty("postgresql", "template"), self.folder / "template")
            mark.touch()
        full = self.full_name(name)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.execute(statement.format(sql.Identifier(full), sql.Identifier(template)))
        return self.url_of(full)

    def drop_all(self) -> None:
        """Drop what this run made on the server, whoever of its processes made it."""
        if self.server_url is None:
            return
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            names = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.full_name("")]
            )
            for (name,) in names.fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def fresh_file(self, name: str) -> Path:
        folder = self.folder / "sqlite" / name
        folder.mkdir(parents=True)
        return folder / "grants.sqlite3"

    def full_name(self, name: str) -> str:
        return f"grants_test_{self.run}_{name}"

    def url_of(self, full_name: str) -> str:
        assert self.server_url is not None, "this run has no PostgreSQL: --db postgresql was not asked for"
        parts = urlsplit(self.server_url)
        return urlunsplit(parts._replace(path=f"/{full_name}"))

    def execute(self, statement: sql.Composed) -> None:
        assert self.server_url is not None, "this run has no PostgreSQL: --db postgresql was not asked for"
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """One process of the run at a time."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
