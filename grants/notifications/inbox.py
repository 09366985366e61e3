"""A person's inbox: the list, the number of unread items, reading."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError
from grants.notifications.models import InboxItem


def count_unread(session: Session, person_id: UUID) -> int:
    """How many items the person has not opened."""
    query = select(func.count()).where(InboxItem.person_id == person_id, InboxItem.read_at.is_(None))
    return session.scalar(query) or 0


def list_inbox(
    session: Session, person_id: UUID, *, after: str | None = None, before: str | None = None, limit: int = 25
) -> Page[InboxItem]:
    """The person's own items, latest first."""
    query = select(InboxItem).where(InboxItem.person_id == person_id)
    key = (InboxItem.created_at, InboxItem.id)
    return paginate(session, query, key=key, after=after, before=before, limit=limit, descending=True)


def open_item(session: Session, item_id: UUID, *, person_id: UUID, now: datetime) -> InboxItem:
    """Mark one of the person's items read (twice changes nothing); raises NotFoundError for another person's."""
    query = select(InboxItem).where(InboxItem.id == item_id, InboxItem.person_id == person_id)
    item = session.scalars(query).one_or_none()
    if item is None:
        raise NotFoundError(item=str(item_id))
    item.read_at = item.read_at or now
    return item


def mark_all_read(session: Session, *, person_id: UUID, now: datetime) -> None:
    """Mark every item of the person read."""
    session.execute(
        update(InboxItem).where(InboxItem.person_id == person_id, InboxItem.read_at.is_(None)).values(read_at=now),
        execution_options={"synchronize_session": False},
    )


def forget_facts(session: Session, people: Collection[UUID], *, below: str, facts: Collection[str]) -> None:
    """Drop these facts from what ``people`` were told of a thing whose pages lie ``below`` a path; the rest stays said.

    The letters that went out with it are the readers' and stay as they were sent.
    """
    query = select(InboxItem).where(InboxItem.person_id.in_(people), InboxItem.path.startswith(below, autoescape=True))
    for item in session.scalars(query.order_by(InboxItem.id)):
        item.facts = {key: value for key, value in item.facts.items() if key not in facts}
