"""Award lists: prepared ones for the office, released ones for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.calls.models import Call
from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError
from grants.publication.models import AwardList, Notice
from grants.publication.states import AwardListState

RELEASED = AwardList.state == AwardListState.RELEASED


def get_released_list(session: Session, ref: str) -> AwardList:
    """A released list with its call and notice; NotFoundError for one that is not released."""
    return _one(session, AwardList.ref == ref, RELEASED)


def get_award_list(session: Session, ref: str, visible: ColumnElement[bool]) -> AwardList:
    """A list in whatever state, for the office; NotFoundError where the actor may not follow the call."""
    return _one(session, AwardList.ref == ref, visible)


def get_list_by_id(session: Session, award_list_id: UUID) -> AwardList:
    """A list by its key, for the worker; NotFoundError."""
    return _one(session, AwardList.id == award_list_id)


def page_of_award_lists(session: Session, *, after: str | None = None, before: str | None = None) -> Page[AwardList]:
    """One page of the released lists, the latest first."""
    query = select(AwardList).where(RELEASED).options(joinedload(AwardList.call))
    key = (AwardList.released_at, AwardList.id)
    return paginate(session, query, key=key, after=after, before=before, descending=True)


def list_prepared(session: Session, visible: ColumnElement[bool]) -> Sequence[AwardList]:
    """Lists that wait for the second person, by number."""
    query = _joined().where(visible, AwardList.state == AwardListState.PREPARED).order_by(AwardList.ref)
    return session.scalars(query).all()


def find_prepared_list(session: Session, notice: Notice) -> AwardList | None:
    """The list that waits for the second person, made from this notice; None if there is none."""
    query = _joined().where(AwardList.notice_id == notice.id, AwardList.state == AwardListState.PREPARED)
    return session.scalars(query).one_or_none()


def list_of_notice(session: Session, notice: Notice) -> AwardList | None:
    """The released list that followed a notice, or None."""
    return session.scalars(_joined().where(AwardList.notice_id == notice.id, RELEASED)).one_or_none()


def _one(session: Session, *conditions: ColumnElement[bool]) -> AwardList:
    found = session.scalars(_joined().where(*conditions)).one_or_none()
    if found is None:
        raise NotFoundError()
    return found


def _joined() -> Select[AwardList]:
    return (
        select(AwardList)
        .join(AwardList.call)
        .options(contains_eager(AwardList.call).joinedload(Call.definition), joinedload(AwardList.notice))
    )
