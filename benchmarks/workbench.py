"""Where the benchmarks run: a PostgreSQL database and queues of their own, the product in production mode, real
processes beside it. Everything is removed afterwards."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from amqp.exceptions import NotFound
from flask import Flask
from kombu import Connection

from benchmarks import bare
from grants.config import Settings
from grants.factory import create_app
from grants.launcher.children import Child, Plan
from grants.launcher.plans import child_environment, worker_plan
from grants.outbox import Lane
from tests.support.databases import SECRET, SIGNING_KEY, Databases, dispose
from tests.support.installation import RABBITMQ, open_port
from tests.support.postgresql import postgresql_server

BROKER = f"amqp://guest:guest@{RABBITMQ[0]}:{RABBITMQ[1]}//"
WEB_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured; 1 is the whole run, ``BENCH_SCALE=0.1`` a quick pass."""

    factor: float

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Scale:
        """BENCH_SCALE, above 0 and at most 1."""
        return cls(min(1.0, max(0.01, float(environ.get("BENCH_SCALE", "1")))))

    def count(self, whole: int, least: int = 1) -> int:
        """So many instead of ``whole``."""
        return max(least, round(whole * self.factor))

    def seconds(self, whole: float) -> float:
        """So long instead of ``whole`` seconds, one at least."""
        return max(1.0, whole * self.factor)


@dataclass
class Workbench:
    """The product under measurement; ``app`` is this process's own way into it."""

    app: Flask
    settings: Settings
    folder: Path
    scale: Scale

    @property
    def url(self) -> str:
        """The database's address, for psycopg."""
        return self.settings.database_url

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of every process of the run."""
        return {
            **child_environment(self.settings, self.settings.broker_url),
            "INSTANCE": self.settings.instance,
            "PUBLIC_URL": self.settings.public_url,
            "WEB_PROCESSES": str(WEB_PROCESSES),
            **more,
        }

    @contextmanager
    def running(self, plan: Plan, **more: str) -> Iterator[Child]:
        """A child process for as long as the block lasts."""
        child = Child(plan, self.environment(**more), self.folder / f"{plan.name}.log")
        child.start()
        try:
            yield child
        finally:
            child.stop()

    @contextmanager
    def web(self, application: str) -> Iterator[int]:
        """``application`` behind gunicorn with the product's settings; gives its port."""
        port = open_port()
        command = (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application)
        name = f"web-{application.partition(':')[0]}"
        with self.running(Plan(name, command, patience_s=20), PORT=str(port), PUBLIC_URL=f"http://127.0.0.1:{port}"):
            yield port

    def worker(self, processes: int) -> Plan:
        """The product's own worker for interactive work."""
        return worker_plan(self.settings, Lane.INTERACTIVE, processes=processes)

    def execute(self, *statements: str) -> None:
        """Statements for the database itself, each in its own transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def ask(self, query: str, *parameters: object) -> tuple[object, ...]:
        """The first row of a query."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(query, parameters).fetchone()
        assert row is not None
        return row


def settings_of(url: str, folder: Path, instance: str) -> Settings:
    """Production settings on a database of the run's own; everything written lies in ``folder``."""
    return Settings.from_env(
        {
            "GRANTS_MODE": "production",
            "DATA_DIR": str(folder),
            "DATABASE_URL": url,
            "BROKER_URL": BROKER,
            "SECRET_KEY": SECRET,
            "AUDIT_KEY": SECRET,
            "SIGNING_KEY": SIGNING_KEY,
            "INSTANCE": instance,
            "PUBLIC_URL": "http://127.0.0.1",
        }
    )


def remove_queues(names: Sequence[str]) -> None:
    """Remove queues and the exchanges of the same names from the shared RabbitMQ."""
    with Connection(BROKER) as connection:
        for name in names:
            for delete in ("queue_delete", "exchange_delete"):
                with suppress(NotFound):
                    getattr(connection.channel(), delete)(name)


@contextmanager
def workbench(scale: Scale) -> Iterator[Workbench]:
    """The whole bench, set up and taken down."""
    instance = f"bench-{secrets.token_hex(4)}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grants-bench-")))
        databases = Databases(instance.replace("-", "_"), folder, stack.enter_context(postgresql_server()))
        stack.callback(databases.drop_all)
        url = databases.copy("postgresql", "own")
        queues = [f"{instance}.{lane}" for lane in (*Lane, "bare")]
        own = (instance, f"{instance}.control.pidbox", f"{instance}.events")
        bare_own = (f"{instance}.bare.control.pidbox", f"{instance}.bare.events")
        stack.callback(remove_queues, (*queues, *own, *bare_own))
        settings = settings_of(url, folder / "data", instance)
        app = create_app(settings)
        stack.callback(dispose, app)
        bare.make_tables(url)
        yield Workbench(app, settings, folder, scale)
