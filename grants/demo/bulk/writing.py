"""Writing rows: COPY on PostgreSQL, executemany on SQLite, each with SQLAlchemy's own conversions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from grants import audit
from grants.audit.log import current_key
from grants.audit.models import AuditEntry
from grants.calls.models import Call
from grants.db import Base, lock_one
from grants.demo.bulk.rows import ORDER, Rows

Convert = Callable[[Any], Any]


def write_rows(session: Session, rows: Rows) -> None:
    """Write everything in the caller's transaction; the entries of the log last, sealed as they are written."""
    rows.close()
    for entity in ORDER:
        if entity is AuditEntry:
            _seal(session, rows.by_entity[entity])
        _write(session, entity, rows.by_entity[entity])


def take_receipts(session: Session, call: Call, size: int) -> None:
    """Move the call's counter of receipt numbers past those given out."""
    session.execute(update(Call).where(Call.id == call.id).values(next_receipt_no=Call.next_receipt_no + size))


def _seal(session: Session, entries: list[dict[str, Any]]) -> None:
    """Give the entries their places in the log, behind everything that waits; nobody else seals meanwhile."""
    while audit.seal_pending(session):
        pass
    lock_one(session, "audit-sealer")
    key = current_key()
    seq, previous = audit.head(session)
    for entry in entries:
        seq += 1
        previous = key.sign(previous.encode(), entry["mac"].encode(), str(seq).encode())
        entry.update(seq=seq, hash=previous)


def _write(session: Session, entity: type[Base], values: Sequence[dict[str, Any]]) -> None:
    if not values:
        return
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, entity, values)
    else:
        session.execute(insert(entity), values)


def _copy(session: Session, entity: type[Base], values: Sequence[dict[str, Any]]) -> None:
    table = entity.__table__
    assert isinstance(table, Table)
    connection = session.connection()
    names = list(values[0])
    converts = [_conversion(table, name, connection.dialect) for name in names]
    columns = ", ".join(f'"{table.c[name].name}"' for name in names)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in values:
            copy.write_row([convert(row[name]) for name, convert in zip(names, converts, strict=True)])


def _conversion(table: Table, name: str, dialect: Any) -> Convert:
    processor = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return processor if processor is not None else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
