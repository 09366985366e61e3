"""Objections: the office's queue, and the bare numbers that the public reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.applications.models import Application
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError
from grants.publication.models import Notice, Objection
from grants.publication.states import ObjectionState


@dataclass(frozen=True, slots=True)
class ObjectionCounts:
    """How many objections a call's notice met, over all versions, and how many are decided."""

    filed: int
    decided: int


def get_objection(session: Session, objection_id: UUID, visible: ColumnElement[bool] | None = None) -> Objection:
    """One objection with its notice and call; NotFoundError where there is none, or none that may be seen.

    Without ``visible`` whoever knows the number: it is the objector's receipt and cannot be guessed.
    """
    query = _joined().where(Objection.id == objection_id)
    found = session.scalars(query if visible is None else query.where(visible)).one_or_none()
    if found is None:
        raise NotFoundError(objection=str(objection_id))
    return found


def page_of_objections(
    session: Session,
    visible: ColumnElement[bool],
    *,
    undecided: bool,
    after: str | None = None,
    before: str | None = None,
) -> Page[Objection]:
    """One page of the objections an actor may see: the undecided ones as they came in, or the decided, latest first."""
    state = Objection.state == ObjectionState.FILED
    query = _joined().where(visible, state if undecided else ~state)
    key = (Objection.filed_at, Objection.id)
    return paginate(session, query, key=key, after=after, before=before, descending=not undecided)


def list_undecided_items(session: Session, call: Call) -> Sequence[str]:
    """Numbers of the projects with an objection that nobody has decided, in whatever version it was filed."""
    query = (
        select(Application.ref)
        .join(Objection, Objection.application_id == Application.id)
        .join(Notice, Notice.id == Objection.notice_id)
        .where(Notice.call_id == call.id, Objection.state == ObjectionState.FILED)
        .distinct()
        .order_by(Application.ref)
    )
    return [ref for ref in session.scalars(query) if ref]


def count_objections(session: Session, call_id: UUID) -> ObjectionCounts:
    """The public's numbers: filed and decided."""
    query = (
        select(func.count(), func.count(Objection.decided_at))
        .join(Notice, Notice.id == Objection.notice_id)
        .where(Notice.call_id == call_id)
    )
    filed, decided = session.execute(query).one()
    return ObjectionCounts(filed, decided)


def count_from(session: Session, notice: Notice, phone: str, *, since: datetime) -> int:
    """How many objections this phone number has filed to the notice since then."""
    query = select(func.count()).where(
        Objection.notice_id == notice.id, Objection.phone == phone, Objection.filed_at >= since
    )
    return session.scalar(query) or 0


def find_same(
    session: Session, notice: Notice, application: Application, *, phone: str, grounds: str
) -> Objection | None:
    """The undecided objection from this number to the same item with the same words: a form sent twice; or None."""
    query = _joined().where(
        Objection.notice_id == notice.id,
        Objection.application_id == application.id,
        Objection.phone == phone,
        Objection.grounds == grounds,
        Objection.state == ObjectionState.FILED,
    )
    return session.scalars(query).first()


def _joined() -> Select[Objection]:
    return (
        select(Objection)
        .join(Objection.notice)
        .join(Notice.call)
        .options(
            contains_eager(Objection.notice).contains_eager(Notice.call).joinedload(Call.definition),
            joinedload(Objection.application),
        )
    )
