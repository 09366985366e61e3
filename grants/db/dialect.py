"""All that differs between SQLite and PostgreSQL.

SQLite: WAL, BEGIN chosen before the first statement (deferred for readers, IMMEDIATE for writers behind a fair queue:
without it concurrent writers fail with "database is locked" or wait for seconds). PostgreSQL: readers say
BEGIN READ ONLY.
"""

from __future__ import annotations

import fcntl
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from select import POLLIN, poll
from threading import get_ident
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Dialect, Engine, event, insert, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session

read_only: ContextVar[bool] = ContextVar("read_only", default=False)

_turns: dict[str, int] = {}  # which thread of this process has the turn at which queue
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}  # seconds until a dead peer shows
SQLITE_TERMS = 400  # of a compound query; it takes 500
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


def install(engine: Engine) -> None:
    """Hang the transaction modes on ``engine``; once per engine, right after it was made."""
    if engine.dialect.name == "sqlite":
        _install_sqlite(engine)
    else:
        event.listen(engine, "do_connect", _connect_postgresql)
        event.listen(engine, "checkout", _require_open)
        event.listen(engine, "begin", _begin_postgresql)


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Options for ``create_engine``: a pool as large as the threads that share it."""
    if url.startswith("sqlite"):
        return {"pool_size": threads, "connect_args": {"timeout": 15, "check_same_thread": False}}
    return {"pool_size": threads, "max_overflow": 2, "connect_args": KEEPALIVE}


def lock_one(session: Session, name: str) -> None:
    """Hold ``name`` alone until the transaction ends. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def lock_many(session: Session, name: str, numbers: Collection[int]) -> None:
    """Hold these numbers of ``name`` alone until the transaction ends, taken in ascending order. As ``lock_one``."""
    if numbers and session.get_bind().dialect.name == "postgresql":
        taken = "count(pg_advisory_xact_lock(hashtext(:name), number))"
        query = text(f"SELECT {taken} FROM unnest(cast(:numbers AS int[])) AS number")
        session.execute(query, {"name": name, "numbers": sorted(numbers)})


@contextmanager
def in_one_go(session: Session) -> Iterator[Connection]:
    """Send what the block executes on the connection one after the other, and wait once, at its end, for what
    PostgreSQL says to it all. Only for statements that answer nothing anybody looks at: no SELECT, no RETURNING. What
    the session has changed is written before.

    Raises at its end what a statement would have raised by itself.
    """
    session.flush()
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        yield connection
        return
    try:
        with driver.pipeline():
            yield connection
    except psycopg.Error as error:
        raise DBAPIError.instance("", {}, error, psycopg.Error, dialect=connection.dialect) from error


def insert_as_json(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in one statement of one value, however many rows there are: nothing is parsed or bound for each cell.

    On SQLite, where binding costs nothing, a statement for many rows.
    """
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    source = f"json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json))"
    query = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {source}"
    connection.execute(text(query), {"rows": json.dumps(rows, ensure_ascii=False, default=str)})


def insert_many(session: Session, table: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of plain values, many at once: by COPY on PostgreSQL, which sends nothing for each row."""
    if not rows:
        return
    connection = session.connection()
    names, places = ", ".join(columns), ", ".join("?" for _ in columns)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) VALUES ({places})", [tuple(row) for row in rows]
        )
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def count_by_keys(
    session: Session, table: Any, columns: tuple[str, str, str], keys: Sequence[tuple[int, int]], *, per_key: int
) -> Counter[int]:
    """How many of the ``keys``, pairs of numbers in the first two columns, each number in the third one stands under.

    Of each key the ``per_key`` highest numbers count, so that what is read is bounded. PostgreSQL looks the keys up in
    one lateral join; SQLite, which has none, in one query of many parts.
    """
    first, second, counted = columns
    newest = f"SELECT {counted} AS number FROM {table.name} WHERE {first} = {{0}} AND {second} = {{1}} "
    newest += f"ORDER BY {counted} DESC LIMIT {per_key}"
    found: Counter[int] = Counter()
    if session.get_bind().dialect.name == "postgresql":
        wanted = "unnest(cast(:firsts AS smallint[]), cast(:seconds AS bigint[])) AS key (one, other)"
        each = newest.format("one", "other")
        query = f"SELECT number, count(*) FROM {wanted} CROSS JOIN LATERAL ({each}) AS found GROUP BY 1"
        given = {"firsts": [key[0] for key in keys], "seconds": [key[1] for key in keys]}
        for number, count in session.execute(text(query), given):
            found[number] += count
        return found
    for start in range(0, len(keys), SQLITE_TERMS):
        parts = (f"SELECT * FROM ({newest.format(*key)})" for key in keys[start : start + SQLITE_TERMS])
        query = f"SELECT number, count(*) FROM ({' UNION ALL '.join(parts)}) GROUP BY 1"
        for number, count in session.connection().exec_driver_sql(query):
            found[number] += count
    return found


def _install_sqlite(engine: Engine) -> None:
    database = engine.url.database
    lock_path = f"{database}.queue" if database and database != ":memory:" else None

    def begin(connection: Connection) -> None:
        reading = read_only.get()
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")  # has no effect after BEGIN
        if not reading and lock_path:
            _take_turn(connection.info, lock_path)
        connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", _give_turn_back)
    event.listen(engine, "close", _forget_turn)


def _configure_sqlite(dbapi: Any, record: Any) -> None:
    dbapi.isolation_level = None  # we emit BEGIN ourselves
    for pragma in SQLITE_PRAGMAS:
        dbapi.execute(f"PRAGMA {pragma}")


def _give_turn_back(dbapi: Any, record: Any) -> None:
    if path := record.info.pop("turn_held", None):
        _turns.pop(path, None)
        fcntl.flock(record.info["turn"], fcntl.LOCK_UN)


def _forget_turn(dbapi: Any, record: Any) -> None:
    if path := record.info.pop("turn_held", None):
        _turns.pop(path, None)
    if turn := record.info.pop("turn", None):
        turn.close()


def _take_turn(info: dict[str, Any], lock_path: str) -> None:
    """Wait in the queue of writers.

    Raises:
        RuntimeError: this thread has the turn already, through another connection, and would wait for itself.
    """
    if info.get("turn_held"):
        return
    if _turns.get(lock_path) == get_ident():
        raise RuntimeError("a thread that has the writer's turn asks for it through another connection")
    if "turn" not in info:
        info["turn"] = open(lock_path, "w")  # noqa: SIM115 - lives as long as the pooled connection
    fcntl.flock(info["turn"], fcntl.LOCK_EX)
    info["turn_held"] = lock_path
    _turns[lock_path] = get_ident()


class PostgresqlConnection(psycopg.Connection[Any]):
    """Ends a reading transaction by COMMIT: it has nothing to undo, and at a ROLLBACK psycopg gives up all its prepared
    statements, so that every page would be parsed and planned anew."""

    def rollback(self) -> None:
        """End the transaction."""
        if self.read_only and self.info.transaction_status is TransactionStatus.INTRANS:
            self.commit()
        else:
            super().rollback()


class _Planning:
    """How this process has its prepared statements planned: for their values, since a rare state and a common one need
    different plans; planning a join takes up to a millisecond."""

    mode = "force_custom_plan"


def plan_once() -> None:
    """Let PostgreSQL keep the plans that serve whatever the values are; for processes that look things up by their
    keys, over and over. Comes before the first connection."""
    _Planning.mode = "auto"


def _connect_postgresql(dialect: Dialect, record: object, arguments: Any, options: Any) -> PostgresqlConnection:
    connection = PostgresqlConnection.connect(*arguments, **options)
    connection.execute(f"SET plan_cache_mode = {_Planning.mode}")
    connection.commit()
    return connection


def _require_open(dbapi: Any, record: Any, proxy: Any) -> None:
    """Have the pool connect anew where the server has closed its end: nothing else comes from a connection at rest.

    Asking the server, as the pool would by itself, is a round trip and two changes of mode for every request.
    """
    waiting = poll()
    if not dbapi.closed:
        waiting.register(dbapi.fileno(), POLLIN)
    if dbapi.closed or waiting.poll(0):
        raise InvalidatePoolError("the server has closed the connection")


def _begin_postgresql(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.read_only = read_only.get()  # said with the driver's own BEGIN: no round trip
