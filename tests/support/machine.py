"""``python -m tests.support.machine``: what the whole suite needs of this machine, installed or started where allowed.

Needed: a Chromium, fonts for Chinese, poppler's ``pdftotext``, ClamAV's ``clamd``, a PostgreSQL (or its programs, to
start one) and a RabbitMQ. As root, or with sudo that asks nothing, missing Debian packages are installed; otherwise
the command fails and names them.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.support.installation import RABBITMQ
from tests.support.postgresql import RUNNING, find_programs, refusal

SYSTEM_PATHS = os.pathsep.join(("/usr/local/sbin", "/usr/sbin", "/sbin"))
START_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Need:
    """``present`` says whether it is there; ``package`` is Debian's; ``start`` is tried when the package is there."""

    what: str
    package: str
    present: Callable[[], bool]
    start: Sequence[str] = ()


def has_program(*names: str) -> bool:
    """Whether one of the programs can be found, system folders included."""
    path = os.pathsep.join((os.environ.get("PATH", ""), SYSTEM_PATHS))
    return any(shutil.which(name, path=path) for name in names)


def has_chinese_font() -> bool:
    """Whether fontconfig knows a Noto font for Chinese."""
    if not has_program("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout
    return "Noto" in listed


def has_postgresql() -> bool:
    """Whether there is a server that lets us in, or the programs to start one."""
    return find_programs() is not None or not refusal(os.environ.get("TEST_POSTGRESQL_URL", RUNNING))


def has_rabbitmq() -> bool:
    """Whether something speaks AMQP where RabbitMQ should."""
    try:
        with socket.create_connection(RABBITMQ, timeout=3) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(connection.recv(1))
    except OSError:
        return False


NEEDS = (
    Need("a Chromium browser", "chromium", lambda: has_program("chromium")),
    Need("fonts for Chinese", "fonts-noto-cjk", has_chinese_font),
    Need("poppler's pdftotext", "poppler-utils", lambda: has_program("pdftotext")),
    Need("ClamAV's clamd", "clamav-daemon", lambda: has_program("clamd")),
    Need("a PostgreSQL that trusts user postgres on 127.0.0.1:5432, or its programs", "postgresql", has_postgresql),
    Need(
        f"a RabbitMQ with user guest on {RABBITMQ[0]}:{RABBITMQ[1]}",
        "rabbitmq-server",
        has_rabbitmq,
        start=("service", "rabbitmq-server", "start"),
    ),
)


def as_root() -> list[str] | None:
    """The words to put before a command that needs root; None where this user cannot."""
    if os.getuid() == 0:
        return []
    if not has_program("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def install(root: Sequence[str], packages: Sequence[str]) -> None:
    """Install Debian packages; a failure shows in what is still missing afterwards."""
    print(f"Installing {' '.join(packages)} ...", flush=True)
    quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*quiet, "update"], check=False)
    subprocess.run([*quiet, "install", "--no-install-recommends", "--yes", *packages], check=False)


def start(root: Sequence[str], need: Need) -> None:
    """Start a service that is installed and does not answer, and wait for it."""
    print(f"Starting {need.package} ...", flush=True)
    subprocess.run([*root, *need.start], check=False)
    deadline = time.monotonic() + START_PATIENCE_S
    while not need.present() and time.monotonic() < deadline:
        time.sleep(0.5)


def missing() -> list[Need]:
    """What is not there."""
    return [need for need in NEEDS if not need.present()]


def main() -> int:
    """Install and start what may be; exit status 1, naming everything that is still missing."""
    root = as_root() if missing() else None
    if root is not None and has_program("apt-get"):
        packages = [need.package for need in missing() if not (need.start and has_program(need.package))]
        if packages:
            install(root, packages)
        for need in missing():
            if need.start:
                start(root, need)
    for need in missing():
        print(f"make test needs {need.what} (Debian: apt-get install {need.package}).", file=sys.stderr)
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())
