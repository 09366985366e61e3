"""Notices: for everybody, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.applications.models import Revision
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError
from grants.publication.models import AwardList, Notice
from grants.publication.states import AwardListState, NoticeState


def get_notice(session: Session, ref: str, *, visible: ColumnElement[bool] | None = None) -> Notice:
    """The notice of that number with its call, superseded or not: whatever was published stays; NotFoundError.

    ``visible``: for the office, only of the calls that the actor may follow.
    """
    query = select(Notice).where(Notice.ref == ref)
    if visible is not None:
        query = query.join(Notice.call).where(visible)
    found = session.scalars(_with_call(query)).one_or_none()
    if found is None:
        raise NotFoundError(notice=ref)
    return found


def get_notice_by_id(session: Session, notice_id: UUID) -> Notice:
    """A notice by its key, for the worker; NotFoundError."""
    found = session.scalars(_with_call(select(Notice).where(Notice.id == notice_id))).one_or_none()
    if found is None:
        raise NotFoundError(notice=str(notice_id))
    return found


def page_of_notices(session: Session, *, after: str | None = None, before: str | None = None) -> Page[Notice]:
    """One page of the notices in force or followed by their list, the latest first."""
    query = _with_call(select(Notice).where(Notice.state != NoticeState.SUPERSEDED))
    key = (Notice.published_at, Notice.id)
    return paginate(session, query, key=key, after=after, before=before, descending=True)


def find_running_notice(session: Session, call: Call) -> Notice | None:
    """The version in force of a call's notice, or None before it and after its list."""
    query = select(Notice).where(Notice.call_id == call.id, Notice.state == NoticeState.PUBLISHED)
    return session.scalars(_with_call(query)).one_or_none()


def list_in_force(session: Session, visible: ColumnElement[bool]) -> Sequence[Notice]:
    """Every notice in force of the calls an actor may follow, the one that ends first before the others."""
    query = (
        select(Notice)
        .join(Notice.call)
        .where(visible, Notice.state == NoticeState.PUBLISHED)
        .options(contains_eager(Notice.call))
        .order_by(Notice.ends_on, Notice.ref)
    )
    return session.scalars(query).all()


def list_versions(session: Session, notice: Notice) -> Sequence[Notice]:
    """Every version of a call's notice, the first one first."""
    query = select(Notice).where(Notice.call_id == notice.call_id)
    return session.scalars(query.order_by(Notice.version)).all()


def find_by_fingerprint(session: Session, sha256: str) -> Notice | AwardList | None:
    """What was published under that fingerprint, or None; lists that nobody released are not known."""
    notice = session.scalars(_with_call(select(Notice).where(Notice.sha256 == sha256))).first()
    if notice is not None:
        return notice
    query = select(AwardList).where(AwardList.sha256 == sha256, AwardList.state == AwardListState.RELEASED)
    return session.scalars(query.options(joinedload(AwardList.call))).first()


def find_receipt(session: Session, sha256: str) -> Revision | None:
    """The revision that an enterprise handed in under that fingerprint, with its application; None if none did."""
    query = select(Revision).where(Revision.sha256 == sha256).options(joinedload(Revision.application))
    return session.scalars(query).first()


def _with_call(query: Select[Notice]) -> Select[Notice]:
    return query.options(joinedload(Notice.call).joinedload(Call.definition))
