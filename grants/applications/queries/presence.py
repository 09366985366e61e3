"""Who else has a draft open, and what has changed on a page since it was shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.models import Answer, Application, DraftPresence

PRESENT_FOR = timedelta(seconds=60)  # a page says three times a minute that it is looked at
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the application open: at the page ``place`` since ``since``."""

    name: str
    place: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer as it stands, and who wrote it when."""

    path: str
    row: str
    value: Any
    version: int
    person_id: UUID
    name: str
    changed_at: datetime

    @property
    def place(self) -> tuple[str, str]:
        return self.path, self.row


def list_present(session: Session, application: Application, *, but: UUID | None, now: datetime) -> list[Present]:
    """Everybody but one person who has the application open now, by name; twenty at most."""
    query = (
        select(Person.name, DraftPresence.place, DraftPresence.since)
        .join(Person, Person.id == DraftPresence.person_id)
        .where(DraftPresence.application_id == application.id, DraftPresence.seen_at > now - PRESENT_FOR)
        .where(DraftPresence.person_id != but)
        .order_by(Person.name, Person.id)
        .limit(MOST_SHOWN)
    )
    return [Present(*row) for row in session.execute(query)]


def list_standing(
    session: Session, application: Application, places: Collection[tuple[str, str]]
) -> Sequence[Standing]:
    """These answers, (path, row), as they stand, in that order; those never given are left out."""
    if not places:
        return []
    query = (
        select(
            Answer.field_key,
            Answer.row_id,
            Answer.value,
            Answer.version,
            Answer.changed_by,
            Person.name,
            Answer.changed_at,
        )
        .join(Person, Person.id == Answer.changed_by)
        .where(Answer.application_id == application.id)
        .where(tuple_(Answer.field_key, Answer.row_id).in_(sorted(places)))
        .order_by(Answer.field_key, Answer.row_id)
    )
    return [Standing(*row) for row in session.execute(query)]
