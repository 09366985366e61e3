"""The answers' own rows: one statement where nobody came between, one by one where somebody may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.domain import digest
from grants.applications.models import Answer

LAST_VERSION = 2**31 - 2  # the one after it is the largest that the column holds
TABLE: Any = Answer.__table__  # statements on the table itself: on the mapped class each is compiled anew
KEY = (TABLE.c.application_id, TABLE.c.field_key, TABLE.c.row_id)


@dataclass(frozen=True, slots=True)
class Base:
    """The answer as the editor was shown it: its version (0 for none) and a digest of its value."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer to store. ``base`` None stores it whatever stands there: for steps of the process, not for people."""

    path: str
    row: str
    value: Any
    base: Base | None = None

    @property
    def place(self) -> tuple[str, str]:
        return self.path, self.row

    @property
    def is_untouched(self) -> bool:
        """The editor left the answer as it was shown."""
        return self.base is not None and digest(self.value) == self.base.digest


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the same answer meanwhile; theirs stands, mine is not stored."""

    path: str
    row: str
    mine: Any
    theirs: Any
    base: Base
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What was stored and what was not; ``saved`` are (path, row). ``standing``: how each answer that was given stands
    now, the disputed ones left out."""

    saved: tuple[tuple[str, str], ...]
    conflicts: tuple[Conflict, ...]
    standing: Mapping[tuple[str, str], Base] = field(default_factory=dict)


def base_of(value: Any, version: int) -> Base:
    """How a stored value stands, for whoever is shown it."""
    return Base(version, digest(value))


def store_entries(
    session: Session, application_id: UUID, entries: Sequence[Entry], *, by: UUID, now: datetime
) -> SaveOutcome:
    """Store what was changed, leave what somebody else changed since; nothing is asked of entries left untouched.

    What stands at the version it was shown with is written in one statement, which locks all its answers in order. Only
    where a version differs are the answers read: the value may have come back to what was shown.
    """
    standing = {entry.place: entry.base for entry in entries if entry.base is not None and entry.is_untouched}
    touched = sorted((entry for entry in entries if entry.place not in standing), key=lambda entry: entry.place)
    written = _write_unchanged(session, application_id, touched, by=by, now=now)
    left = [entry for entry in touched if entry.place not in written]
    locked = _lock_answers(session, application_id, left, by=by, now=now)
    disputed: list[tuple[Entry, Answer]] = []
    saved = set(written)
    for entry in left:
        answer = locked.get(entry.place)
        if answer is not None and answer.value != entry.value:
            if _was_changed(entry, answer):
                disputed.append((entry, answer))
                continue
            answer.value, answer.version = entry.value, answer.version + 1
            answer.changed_by, answer.changed_at, answer.origin = by, now, ""
            saved.add(entry.place)
        standing[entry.place] = Base(answer.version if answer else 0, digest(entry.value))
    session.flush()
    in_order = tuple(entry.place for entry in entries if entry.place in saved)
    return SaveOutcome(in_order, _conflicts(session, disputed), standing | written)


def write_values(
    session: Session,
    application_id: UUID,
    values: Mapping[tuple[str, str], Any],
    *,
    by: UUID,
    now: datetime,
    origin: str = "",
) -> None:
    """Store values by (path, row) whatever stood there, in one statement; ``origin`` as ``Answer`` has it."""
    if not values:
        return
    rows = [_row(application_id, place, value, 1, by, now) | {"origin": origin} for place, value in values.items()]
    statement = _insert(session, rows)
    new = statement.excluded
    kept = {name: new[name] for name in ("value", "changed_by", "changed_at", "origin")}
    replaced = {**kept, "version": TABLE.c.version + 1}
    session.execute(statement.on_conflict_do_update(index_elements=KEY, set_=replaced))


def _write_unchanged(
    session: Session, application_id: UUID, entries: Sequence[Entry], *, by: UUID, now: datetime
) -> dict[tuple[str, str], Base]:
    """Write what still stands at its version, one above it; gives how that stands now.

    ``excluded`` is the row as it would be inserted: the version that follows the one that was shown.
    """
    given = {
        entry.place: (entry.value, entry.base.version + 1)
        for entry in entries
        if entry.base is not None and 0 <= entry.base.version <= LAST_VERSION
    }
    if not given:
        return {}
    rows = [_row(application_id, place, value, version, by, now) for place, (value, version) in given.items()]
    statement = _replace_unchanged(session.get_bind().dialect.name)
    written = session.execute(statement, rows[0]) if len(rows) == 1 else session.execute(statement.values(rows))
    places = [(path, row) for path, row in written]
    return {place: Base(given[place][1], digest(given[place][0])) for place in places}


def _lock_answers(
    session: Session, application_id: UUID, entries: Sequence[Entry], *, by: UUID, now: datetime
) -> dict[tuple[str, str], Answer]:
    """The rows of these answers, locked in order; a row is made first where something is to be stored and none is."""
    if not entries:
        return {}
    new = [_row(application_id, entry.place, None, 0, by, now) for entry in entries if entry.value is not None]
    if new:
        session.execute(_insert(session, new).on_conflict_do_nothing())
    query = (
        select(Answer)
        .where(Answer.application_id == application_id)
        .where(tuple_(Answer.field_key, Answer.row_id).in_(sorted(entry.place for entry in entries)))
        .order_by(Answer.field_key, Answer.row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(answer.field_key, answer.row_id): answer for answer in session.scalars(query)}


def _was_changed(entry: Entry, answer: Answer) -> bool:
    return entry.base is not None and answer.version != entry.base.version and digest(answer.value) != entry.base.digest


def _conflicts(session: Session, disputed: Sequence[tuple[Entry, Answer]]) -> tuple[Conflict, ...]:
    people = {answer.changed_by for _, answer in disputed}
    names = dict(iter(session.execute(select(Person.id, Person.name).where(Person.id.in_(people))))) if people else {}
    return tuple(
        Conflict(
            entry.path,
            entry.row,
            entry.value,
            answer.value,
            Base(answer.version, digest(answer.value)),
            names.get(answer.changed_by, ""),
            answer.changed_at,
        )
        for entry, answer in disputed
    )


def _row(
    application_id: UUID, place: tuple[str, str], value: Any, version: int, by: UUID, now: datetime
) -> dict[str, Any]:
    """A row of ``Answer`` for a statement."""
    return {
        "application_id": application_id,
        "field_key": place[0],
        "row_id": place[1],
        "value": value,
        "version": version,
        "changed_by": by,
        "changed_at": now,
        "origin": "",
    }


@cache  # built once: every save runs it
def _replace_unchanged(dialect: str) -> Any:
    statement = (postgresql_insert if dialect == "postgresql" else sqlite_insert)(TABLE)
    new = statement.excluded
    replaced = {name: new[name] for name in ("value", "version", "changed_by", "changed_at", "origin")}
    unchanged = TABLE.c.version == new.version - 1
    replacing = statement.on_conflict_do_update(index_elements=KEY, set_=replaced, where=unchanged)
    return replacing.returning(TABLE.c.field_key, TABLE.c.row_id)


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> Any:
    """The statement that inserts these rows; that of a single one is kept compiled."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql_insert if postgresql else sqlite_insert)(TABLE).values(rows[0] if len(rows) == 1 else rows)
