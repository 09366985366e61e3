"""A PostgreSQL for the tests: one that runs already, or a cluster of our own in the run's folder."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

RUNNING = "postgresql://postgres@127.0.0.1:5432/postgres"
SERVER_USER = "postgres"


class NoPostgresqlError(RuntimeError):
    """There is neither a server that lets us in nor the programs to start one; the message says what to do."""


def refusal(url: str) -> str:
    """Why the server at ``url`` does not let us make databases; empty when it does."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return "" if row and row[0] else "the role may not create databases"
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]


def find_programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``; Debian keeps them off PATH."""
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a server's maintenance database: TEST_POSTGRESQL_URL, the machine's own, or one started here.

    Raises:
        NoPostgresqlError: none of the three is possible.
    """
    named = os.environ.get("TEST_POSTGRESQL_URL")
    url = named or RUNNING
    problem = refusal(url)
    if not problem:
        yield url
        return
    programs = find_programs()
    if named or programs is None:
        raise NoPostgresqlError(
            f"PostgreSQL at {url}: {problem}. Start one that trusts user postgres there, name one in "
            "TEST_POSTGRESQL_URL, or install it (Debian: apt-get install postgresql)."
        )
    with own_cluster(programs) as started:
        yield started


@contextmanager
def own_cluster(programs: Path) -> Iterator[str]:
    """A cluster on a free port of the loopback, trusting it, gone afterwards; root lends its folder to postgres."""
    folder = Path(tempfile.mkdtemp(prefix="grants-postgresql-"))  # not inside the run's own, which is closed to others
    as_server = ["runuser", "-u", SERVER_USER, "--"] if os.getuid() == 0 else []
    if as_server:
        shutil.chown(folder, SERVER_USER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    initdb = [*as_server, str(programs / "initdb"), "-D", str(data), "-U", SERVER_USER, "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
    control = [*as_server, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql://{SERVER_USER}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)
