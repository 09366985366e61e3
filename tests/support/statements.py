"""Counting what is asked of the database: lists must not ask more because there is more to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event

NOT_QUERIES = ("SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "BEGIN", "SET TRANSACTION")


@dataclass
class Counted:
    """The statements that were sent and the commits of whole transactions."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def queries(self) -> int:
        """How many statements, those that only steer a transaction left out."""
        return len(self.statements)


@contextmanager
def counted() -> Iterator[Counted]:
    """Everything this process sends to any database within the block."""
    found = Counted()

    def note_statement(connection: Connection, cursor: object, statement: str, *rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_QUERIES):
            found.statements.append(statement)

    def note_commit(connection: Connection) -> None:
        found.commits += 1

    event.listen(Engine, "before_cursor_execute", note_statement)
    event.listen(Engine, "commit", note_commit)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note_statement)
        event.remove(Engine, "commit", note_commit)


def queries_of(client: FlaskClient, path: str) -> int:
    """How many queries a page takes once its caches are warm."""
    assert client.get(path).status_code == 200
    with counted() as found:
        client.get(path)
    return found.queries
