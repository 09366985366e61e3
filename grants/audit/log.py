"""Adding an entry to the log, in the transaction of what it records."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants.audit.models import AuditEntry, AuditSubject
from grants.db import in_one_go
from grants.kernel.actor import Actor
from grants.kernel.canonical import canonical_json

ENTRIES: Any = (
    AuditEntry.__table__
)  # statements on the tables themselves take half the time, and every step passes here
SUBJECTS: Any = AuditSubject.__table__
ADD_ENTRY = insert(ENTRIES).inline()  # nobody asks for the key that the row gets


@dataclass(frozen=True, slots=True)
class AuditKey:
    """The secret of the seals and its name; it lives in the environment only."""

    id: str
    secret: bytes

    def sign(self, *parts: bytes) -> str:
        """HMAC-SHA256 over the parts, 64 hexadecimal digits."""
        return hmac.new(self.secret, b"\x1f".join(parts), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened (past tense), when, and the facts."""

    kind: str
    at: datetime
    detail: Mapping[str, object] = field(default_factory=dict)


class _KeyRing:
    """The key in use and those used before it, by id; set once by the factory."""

    current: AuditKey = AuditKey("unset", b"")
    known: Mapping[str, AuditKey] = {}


def use_key(key: AuditKey, *earlier: AuditKey) -> None:
    """Take ``key`` for every new entry of this process; entries made under ``earlier`` ones are sealed by those."""
    _KeyRing.current = key
    _KeyRing.known = {known.id: known for known in (*earlier, key)}


def current_key() -> AuditKey:
    """The key that the factory set."""
    return _KeyRing.current


def known_keys() -> Mapping[str, AuditKey]:
    """Every key of this process by its id."""
    return _KeyRing.known


def record(
    session: Session,
    actor: Actor,
    kind: str,
    subject: tuple[str, str | UUID],
    *,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one entry: who, what (past tense), about which subject, when, and the facts.

    ``subject`` is (kind, key), for instance ``("application", application.id)``. The subject's counter row is locked
    until the caller's transaction ends. ``detail`` must have a canonical form (grants.kernel.canonical).
    """
    record_all(session, actor, subject, [Happening(kind, at, detail or {})])


def record_all(session: Session, actor: Actor, subject: tuple[str, str | UUID], happened: Sequence[Happening]) -> None:
    """As ``record``, for what happened to one subject one after the other: two statements however many there are."""
    subject_kind, subject_key = subject[0], str(subject[1])
    last = _count(session, subject_kind, subject_key, len(happened))
    key = current_key()
    rows = []
    for number, one in enumerate(happened, last - len(happened) + 1):
        values = {
            "subject_kind": subject_kind,
            "subject_key": subject_key,
            "subject_no": number,
            "kind": one.kind,
            "actor": actor.label,
            "at": one.at,
            "detail": canonical_json(one.detail).decode(),
        }
        rows.append({**values, "key_id": key.id, "mac": sign_entry(key, values)})
    with in_one_go(session) as connection:
        for row in rows:
            connection.execute(ADD_ENTRY, row)


def sign_entry(key: AuditKey, values: Mapping[str, object]) -> str:
    """The mac of an entry's own columns, in a fixed order; ``at`` as ISO 8601 in UTC to the microsecond."""
    columns = ("subject_kind", "subject_key", "subject_no", "kind", "actor", "at", "detail")
    return key.sign(*(_bytes(values[column]) for column in columns))


def _bytes(value: object) -> bytes:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value).encode()


def _count(session: Session, kind: str, key: str, more: int) -> int:
    """Count ``more`` entries of a subject; returns the number of the last."""
    statement = _count_statement(session.get_bind().dialect.name)
    return int(session.execute(statement, {"kind": kind, "key": key, "entries": more}).scalar_one())


@cache
def _count_statement(dialect: str) -> Any:
    added = (postgresql_insert if dialect == "postgresql" else sqlite_insert)(SUBJECTS)
    return added.on_conflict_do_update(
        index_elements=[SUBJECTS.c.kind, SUBJECTS.c.key],
        set_={"entries": SUBJECTS.c.entries + added.excluded.entries},
    ).returning(SUBJECTS.c.entries)
