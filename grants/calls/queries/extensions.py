"""More time: what was proposed and granted, and the close in force for one organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.accounts.models import Organisation
from grants.calls.domain import LONGEST
from grants.calls.models import Call, DeadlineExtension
from grants.calls.states import CallState, ExtensionState
from grants.db import Page, paginate
from grants.kernel.errors import NotFoundError

EXTENDABLE = 20


def find_own_close(session: Session, call_id: UUID, organisation_id: UUID) -> datetime | None:
    """The close that two persons granted this organisation for itself; None without one."""
    query = select(func.max(DeadlineExtension.until_at)).where(
        DeadlineExtension.call_id == call_id,
        DeadlineExtension.organisation_id == organisation_id,
        DeadlineExtension.state == ExtensionState.APPROVED,
    )
    return session.scalar(query)


def close_for(session: Session, call: Call, organisation: Organisation | None) -> datetime:
    """The close in force for an organisation, or for everybody; grace apart."""
    own = find_own_close(session, call.id, organisation.id) if organisation is not None else None
    return max(call.closes_at, own) if own else call.closes_at


def get_extension(session: Session, extension_id: UUID, *, visible: ColumnElement[bool]) -> DeadlineExtension:
    """One extension with everybody concerned, of a call that the actor may see; raises NotFoundError."""
    query = _with_people(select(DeadlineExtension).join(DeadlineExtension.call))
    found = session.scalars(query.where(DeadlineExtension.id == extension_id, visible)).one_or_none()
    if found is None:
        raise NotFoundError(extension=str(extension_id))
    return found


def list_extensions(
    session: Session, *, visible: ColumnElement[bool], after: str | None = None, before: str | None = None
) -> Page[DeadlineExtension]:
    """One page of the extensions of calls that the actor may see, the newest first."""
    query = _with_people(select(DeadlineExtension).join(DeadlineExtension.call)).where(visible)
    key = (DeadlineExtension.proposed_at, DeadlineExtension.id)
    return paginate(session, query, key=key, after=after, before=before, descending=True)


def list_extensions_for_all(session: Session, call: Call) -> Sequence[DeadlineExtension]:
    """The granted extensions that concern everybody, in order; the public reads them on the call's page."""
    query = select(DeadlineExtension).where(
        DeadlineExtension.call_id == call.id,
        DeadlineExtension.organisation_id.is_(None),
        DeadlineExtension.state == ExtensionState.APPROVED,
    )
    return session.scalars(query.order_by(DeadlineExtension.decided_at, DeadlineExtension.id)).all()


def list_extensions_of(session: Session, call_id: UUID, organisation_id: UUID) -> Sequence[DeadlineExtension]:
    """The granted extensions that concern one organisation, its own and everybody's, in order."""
    query = select(DeadlineExtension).where(
        DeadlineExtension.call_id == call_id,
        or_(DeadlineExtension.organisation_id.is_(None), DeadlineExtension.organisation_id == organisation_id),
        DeadlineExtension.state == ExtensionState.APPROVED,
    )
    return session.scalars(query.order_by(DeadlineExtension.decided_at, DeadlineExtension.id)).all()


def list_extendable(session: Session, *, visible: ColumnElement[bool], now: datetime) -> Sequence[Call]:
    """Announced calls that have opened and closed no longer ago than an extension may add; the latest close first."""
    query = select(Call).where(
        Call.state == CallState.ANNOUNCED, Call.opens_at <= now, Call.closes_at > now - LONGEST, visible
    )
    return session.scalars(query.order_by(Call.closes_at.desc(), Call.id).limit(EXTENDABLE)).all()


def _with_people(query: Select[DeadlineExtension]) -> Select[DeadlineExtension]:
    return query.options(
        contains_eager(DeadlineExtension.call),
        joinedload(DeadlineExtension.organisation),
        joinedload(DeadlineExtension.proposer, innerjoin=True),
        joinedload(DeadlineExtension.decider),
    )
