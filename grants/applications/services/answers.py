"""Storing answers one by one: nobody's work is overwritten in silence, and editors of different fields never meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Person
from grants.applications.domain import Draft, digest, title_of
from grants.applications.errors import RowGoneError
from grants.applications.models import Answer, Application
from grants.applications.policies import edit_scope, may_edit
from grants.applications.queries import load_draft, open_correction
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes.domain import Field, FieldKind, WrongKindError, to_case_value
from grants.programmes.queries import definition_of

NEVER_TYPED = frozenset({FieldKind.COMPUTED, FieldKind.TABLE, FieldKind.UNDERTAKING})


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
    """What was stored and what was not; ``saved`` are (path, row)."""

    saved: tuple[tuple[str, str], ...]
    conflicts: tuple[Conflict, ...]


def save_answers(
    session: Session, application: Application, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> SaveOutcome:
    """Store what was changed; where somebody else changed the same answer since ``base``, leave theirs and tell.

    Locks the application against being submitted meanwhile (shared: other editors go on), then the rows of exactly
    these answers in order. Values are in their stored form (``programmes.domain``).

    Raises:
        ForbiddenError: the actor may not edit the application now, or not this answer (``not_in_correction``).
        InvalidError: ``answer_of_wrong_kind``, a value that is not of its field's kind.
        NotFoundError: a path that the definition does not have.
        RowGoneError: the row was deleted meanwhile.
    """
    hold_application(session, application)
    correction = open_correction(session, application)
    may_edit(actor, application, now=now, correction=correction).require()
    draft = load_draft(session, application)
    scope = edit_scope(application, correction)
    for entry in entries:
        field = _require_storable(draft, entry)
        if not scope.opens(entry.path, entry.row):
            raise ForbiddenError("not_in_correction", path=field.path)
    return _store(session, application, entries, actor=actor, now=now)


def save_section(
    session: Session,
    application: Application,
    section_key: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> SaveOutcome:
    """Store answers of one section by path, whatever stood there before; raises as ``save_answers``, NotFoundError."""
    section = definition_of(application.call.definition).section_of
    if any(path not in section or section[path].key != section_key for path in values):
        raise NotFoundError(section=section_key)
    entries = [Entry(path, "", value) for path, value in values.items()]
    return save_answers(session, application, entries, actor=actor, now=now)


def hold_application(session: Session, application: Application) -> None:
    """Keep the application from being submitted or moved until the transaction ends, without keeping editors out."""
    query = select(Application).where(Application.id == application.id)
    held = query.with_for_update(read=True, key_share=True, of=Application)
    session.scalars(held.execution_options(populate_existing=True)).one()


def write_answers(
    session: Session, application: Application, values: Mapping[tuple[str, str], Any], *, by: UUID, now: datetime
) -> None:
    """Store values by (path, row) whatever stood there, in one statement; for new drafts and undertakings."""
    if not values:
        return
    changed: dict[str, Any] = {"version": 1, "changed_by": by, "changed_at": now}
    rows = [
        {"application_id": application.id, "field_key": path, "row_id": row, "value": value, **changed}
        for (path, row), value in values.items()
    ]
    statement = _insert(session).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Answer.application_id, Answer.field_key, Answer.row_id],
            set_={
                "value": statement.excluded.value,
                "version": Answer.version + 1,
                "changed_by": by,
                "changed_at": now,
            },
        )
    )


def _require_storable(draft: Draft, entry: Entry) -> Field:
    field = draft.definition.fields_by_path.get(entry.path)
    if field is None or field.kind in NEVER_TYPED:
        raise NotFoundError(field=entry.path)
    table = entry.path.removesuffix(f".{field.key}")
    in_table = entry.path not in draft.definition.section_of
    if in_table != bool(entry.row):
        raise NotFoundError(field=entry.path)
    if in_table and not draft.has_row(table, entry.row):
        raise RowGoneError(table=table, row=entry.row)
    try:
        to_case_value(field, entry.value)
    except (WrongKindError, ValueError, TypeError) as error:
        raise InvalidError("answer_of_wrong_kind", path=entry.path) from error
    return field


def _store(
    session: Session, application: Application, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> SaveOutcome:
    standing = _lock_answers(session, application, entries, actor=actor, now=now)
    saved: list[tuple[str, str]] = []
    disputed: list[tuple[Entry, Answer]] = []
    for entry in entries:
        answer = standing.get((entry.path, entry.row))
        if answer is None or answer.value == entry.value or _is_untouched(entry):
            continue
        if _was_changed(entry, answer):
            disputed.append((entry, answer))
            continue
        answer.value, answer.version = entry.value, answer.version + 1
        answer.changed_by, answer.changed_at = _person(actor), now
        saved.append((entry.path, entry.row))
    session.flush()
    if saved:
        _note_change(session, application, saved, actor=actor, now=now)
    return SaveOutcome(tuple(saved), _conflicts(session, disputed))


def _lock_answers(
    session: Session, application: Application, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> dict[tuple[str, str], Answer]:
    """The rows of these answers, locked in order; a row is made first where something is to be stored and none is."""
    places = sorted({(entry.path, entry.row) for entry in entries if not _is_untouched(entry)})
    wanted = {(entry.path, entry.row) for entry in entries if entry.value is not None}
    empty: dict[str, Any] = {"value": None, "version": 0, "changed_by": _person(actor), "changed_at": now}
    new = [
        {"application_id": application.id, "field_key": path, "row_id": row, **empty}
        for path, row in places
        if (path, row) in wanted
    ]
    if new:
        session.execute(_insert(session).values(new).on_conflict_do_nothing())
    query = (
        select(Answer)
        .where(Answer.application_id == application.id, tuple_(Answer.field_key, Answer.row_id).in_(places))
        .order_by(Answer.field_key, Answer.row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(answer.field_key, answer.row_id): answer for answer in session.scalars(query)} if places else {}


def _is_untouched(entry: Entry) -> bool:
    """The editor left the answer as it was shown."""
    return entry.base is not None and digest(entry.value) == entry.base.digest


def _was_changed(entry: Entry, answer: Answer) -> bool:
    return entry.base is not None and answer.version != entry.base.version and digest(answer.value) != entry.base.digest


def _note_change(
    session: Session,
    application: Application,
    saved: Sequence[tuple[str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Audit which answers were changed, never what they say; then keep the title as last saved.

    The entry locks the application's counter in the log, so the title is worked out by one editor after the other.
    """
    detail = {"answers": [f"{path}[{row}]" if row else path for path, row in saved]}
    audit.record(session, actor, "application.answers_saved", ("application", application.id), at=now, detail=detail)
    title = title_of(load_draft(session, application))
    if application.title != title:
        application.title = title


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


def _insert(session: Session) -> Any:
    postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql_insert if postgresql else sqlite_insert)(Answer)


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id
