"""A whole installation in real processes: a database of its own, a broker, a relay, a worker."""

import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from flask import Flask
from kombu import Connection

from grants import outbox
from grants.config import Settings
from grants.db import reading, writing
from grants.factory import create_app
from grants.launcher.children import Child, Plan
from grants.launcher.plans import child_environment, service_plans, worker_plan
from grants.launcher.redis_server import broker_url, find_redis, redis_command, wait_for_redis
from tests.support import practice
from tests.support.databases import Databases, dispose, make_settings
from tests.support.proxy import Proxy

RABBITMQ = ("127.0.0.1", 5672)
TASK_MEMORY_MB = 512


class Broker(Protocol):
    """What a test may do to a broker: it is up, then down, then up again."""

    url: str

    def start(self) -> None: ...
    def go_down(self) -> None: ...
    def remove(self) -> None: ...


class EmbeddedRedis:
    """The Redis that ships, on a socket in ``folder``; going down is ``kill -9``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.socket_file = folder / "r.sock"
        self.url = broker_url(self.socket_file)
        command = redis_command(find_redis(), folder=folder, socket_file=self.socket_file)
        self.child = Child(Plan("redis", command), {}, folder / "redis.log")

    def start(self) -> None:
        self.child.start()
        wait_for_redis(self.socket_file, seconds=10)

    def go_down(self) -> None:
        kill(self.child)

    def remove(self) -> None:
        self.child.stop()


class OwnRedis:
    """A Redis server as a machine would have it, on a TCP port behind a door; going down is ``kill -9``, and it comes
    back with what it had written down."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        port = open_port()
        self.door = Proxy(("127.0.0.1", port))
        self.url = f"redis://127.0.0.1:{self.door.port}/0"
        self.socket_file = folder / "r.sock"
        command = redis_command(find_redis(), folder=folder, socket_file=self.socket_file)
        own = [str(port) if before == "--port" else part for before, part in pairwise(["", *command])]
        self.child = Child(Plan("redis", own), {}, folder / "redis.log")

    def start(self) -> None:
        self.child.start()
        wait_for_redis(self.socket_file, seconds=10)
        self.door.open()

    def go_down(self) -> None:
        self.door.close()
        kill(self.child)

    def cut(self) -> None:
        self.door.cut()

    def remove(self) -> None:
        self.door.close()
        self.child.stop()


class SharedRabbitmq:
    """The machine's RabbitMQ behind a door of our own; queues and exchanges are named by ``instance`` and removed."""

    def __init__(self, instance: str) -> None:
        self.instance = instance
        self.door = Proxy(RABBITMQ)
        self.url = f"amqp://guest:guest@127.0.0.1:{self.door.port}//"

    def start(self) -> None:
        self.door.open()

    def go_down(self) -> None:
        self.door.close()

    def cut(self) -> None:
        self.door.cut()

    def remove(self) -> None:
        self.door.close()
        with Connection(f"amqp://guest:guest@{RABBITMQ[0]}:{RABBITMQ[1]}//") as connection:
            channel = connection.default_channel
            for lane in outbox.Lane:
                channel.queue_delete(f"{self.instance}.{lane}")
            for name in (self.instance, f"{self.instance}.control.pidbox", f"{self.instance}.events"):
                channel.exchange_delete(name)


def open_port() -> int:
    """A port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill(child: Child) -> None:
    """``kill -9`` a child and everything it started, as a crash of the machine's part would."""
    child.end_group(signal.SIGKILL)
    assert child.process is not None
    child.process.wait()
    child.process = None


@dataclass
class Installation:
    """The processes of one installation; ``app`` is this process's own way into its database."""

    app: Flask
    settings: Settings
    broker: Broker
    folder: Path
    task_limit_s: int
    database_door: Proxy | None = None
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start ``relay``, ``worker``, ``bulk`` or ``web``, for the first time or again."""
        for name in names:
            child = self.children.get(name) or Child(self.plan(name), self.environment(), self.folder / f"{name}.log")
            self.children[name] = child
            child.start()

    def plan(self, name: str) -> Plan:
        """The production command of one process; relay and workers know the practice task besides."""
        if name == "relay":
            return Plan(name, (sys.executable, "-m", "tests.support.practice"))
        if name == "web":
            return next(plan for plan in service_plans(self.settings) if plan.name == "web")
        lane, processes = (outbox.Lane.BULK, 1) if name == "bulk" else (outbox.Lane.INTERACTIVE, 2)
        production = worker_plan(self.settings, lane, processes=processes)
        command = tuple(
            "tests.support.practice" if part == "workers.celery_app" else part for part in production.command
        )
        return Plan(name, command, patience_s=10)

    def environment(self) -> dict[str, str]:
        return child_environment(self.settings, self.broker.url) | {
            "DATABASE_URL": self.behind_door(),
            "INSTANCE": self.settings.instance,
            "TASK_LIMIT_S": str(self.task_limit_s),
            "TASK_MEMORY_MB": str(TASK_MEMORY_MB),
            "WEB_PROCESSES": "1",
        }

    def behind_door(self) -> str:
        """The database's address for the processes: a server's is behind a door that a test may shut on them."""
        if self.database_door is None:
            return self.settings.database_url
        parts = urlsplit(self.settings.database_url)
        place = parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{self.database_door.port}"
        return urlunsplit(parts._replace(netloc=place))

    def kill(self, name: str) -> None:
        kill(self.children[name])

    def stop(self) -> None:
        """End all processes at once: nothing that a test waits for is still to come."""
        for child in self.children.values():
            if child.process is not None:
                kill(child)
        if self.database_door is not None:
            self.database_door.close()
        self.broker.remove()

    def publish(self, text: str, what: str = "") -> None:
        """Publish a practice message in a transaction of its own, as a service would."""
        with self.app.app_context(), writing() as session:
            outbox.publish(session, practice.TOPIC, {"text": text, "folder": str(self.folder), "what": what})

    def tell_to_die(self, place: str, about: str = "") -> None:
        """Have the first process that comes by ``place`` of ``practice`` kill itself."""
        mark = practice.marked(self.folder, place, about)
        mark.parent.mkdir(exist_ok=True)
        mark.touch()

    def effects(self, text: str) -> list[str]:
        with self.app.app_context(), reading() as session:
            return practice.effects(session, text)

    def status(self) -> outbox.OutboxStatus:
        with self.app.app_context(), reading() as session:
            return outbox.status(session, now=practice.real_now())

    def runs(self, text: str) -> int:
        """How often the task has begun to work on ``text``."""
        file = self.folder / "runs"
        return file.read_text().splitlines().count(text) if file.exists() else 0

    def wait(self, condition: Callable[[], object], *, seconds: float) -> None:
        """Return when ``condition`` holds; fail with the processes' logs when it does not in time."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {file.name}\n{file.read_text()[-3000:]}" for file in self.folder.glob("*.log"))
                raise AssertionError(f"not within {seconds} s; {self.status()}\n{logs}")
            time.sleep(0.05)

    @property
    def address(self) -> str:
        """Where ``web`` answers."""
        return self.settings.public_url

    def wait_for_web(self) -> None:
        """Return when the web server takes connections."""

        def answers() -> bool:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.settings.port), timeout=1).close()
                return True
            return False

        self.wait(answers, seconds=90)

    def settled(self) -> bool:
        """Whether no message is open."""
        found = self.status()
        return found.waiting == 0 and found.sent_not_done == 0


PAIRS = {"embedded": ("embedded", "sqlite"), "production": ("rabbitmq", "postgresql")}
ALL_PAIRS = {**PAIRS, "redis": ("redis", "postgresql")}  # for the long matrix


def make_broker(kind: str, folder: Path, instance: str) -> Broker:
    """A broker of its own, or its own door to the shared one."""
    makers: dict[str, Callable[[], Broker]] = {
        "embedded": lambda: EmbeddedRedis(folder / "redis"),
        "redis": lambda: OwnRedis(folder / "redis"),
        "rabbitmq": lambda: SharedRabbitmq(instance),
    }
    return makers[kind]()


def door_of(settings: Settings) -> Proxy | None:
    """An open door to the database's server; None for a file."""
    parts = urlsplit(settings.database_url)
    if not parts.hostname:
        return None
    door = Proxy((parts.hostname, parts.port or 5432))
    door.open()
    return door


@contextmanager
def installed(
    pair: str,
    databases: Databases,
    *processes: str,
    task_limit_s: int | None = None,
    there: tuple[str, Path] | None = None,
) -> Iterator[Installation]:
    """An installation of one pair of broker and database (``ALL_PAIRS``), its processes running.

    Tasks are short and sent again soon after their process was lost, unless ``task_limit_s`` gives them more time.
    ``there``: address of a database with data in it, and the data folder that goes with it.
    """
    broker_kind, database_kind = ALL_PAIRS[pair]
    instance = f"test-{secrets.token_hex(4)}"
    folder = there[1] if there else databases.folder / instance
    broker = make_broker(broker_kind, folder, instance)
    url = there[0] if there else databases.copy(database_kind, instance.replace("-", "_"))
    settings = make_settings(url, folder, broker_url=broker.url, instance=instance, port=open_port())
    limit_s = task_limit_s or (5 if broker_kind == "rabbitmq" else 1)
    # A process counts attempts in one place: this one's tests go on when the installation's Redis is gone.
    app = create_app(replace(settings, broker_url=""))
    running = Installation(app, settings, broker, folder, limit_s, door_of(settings))
    try:
        broker.start()
        running.start(*processes)
        yield running
    finally:
        running.stop()
        dispose(running.app)


def processes_of(folder: Path) -> list[int]:
    """Every process whose environment names ``folder`` as its data folder, zombies aside."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if f"DATA_DIR={folder}\0".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
