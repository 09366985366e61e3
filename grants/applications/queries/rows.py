"""Rows that were deleted and can be restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.models import AnswerRow, Application

MOST_DELETED = 100


@dataclass(frozen=True, slots=True)
class DeletedRow:
    """A row that is no longer shown; its cells are still among the draft's answers."""

    id: str
    deleted_by: str
    deleted_at: datetime


def list_deleted_rows(session: Session, application: Application, table_path: str) -> Sequence[DeletedRow]:
    """The rows of a table that were deleted last, the latest first, at most ``MOST_DELETED``."""
    query = (
        select(AnswerRow.row_id, Person.name, AnswerRow.changed_at)
        .join(Person, Person.id == AnswerRow.changed_by)
        .where(AnswerRow.application_id == application.id, AnswerRow.table_key == table_path)
        .where(AnswerRow.deleted.is_(True))
        .order_by(AnswerRow.changed_at.desc(), AnswerRow.position, AnswerRow.row_id)
        .limit(MOST_DELETED)
    )
    return [DeletedRow(*found) for found in session.execute(query)]
