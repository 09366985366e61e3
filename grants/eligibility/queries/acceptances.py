"""Reading lists of cases to be accepted in one go, and which cases are clean."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.eligibility.models import AcceptanceItem, AcceptanceList, CheckSummary
from grants.eligibility.states import ItemOutcome, Proposal
from grants.kernel.actor import Actor, Role
from grants.kernel.errors import NotFoundError

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class ItemSums:
    """Of the cases of a list with one outcome: how many, and what they ask for, in fen."""

    count: int = 0
    requested_fen: int = 0


def list_clean(session: Session, call: Call, *, limit: int) -> Sequence[UUID]:
    """Cases of a call that wait for a decision and of which nothing speaks against acceptance, those due first."""
    query = (
        select(Application.id)
        .join(CheckSummary, CheckSummary.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state == ApplicationState.CHECKED,
            CheckSummary.proposal == Proposal.ACCEPT,
        )
        .order_by(Application.due_on, Application.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def get_acceptance_list(session: Session, list_id: UUID, actor: Actor) -> AcceptanceList:
    """A list as its officer, administrators and auditors see it; raises NotFoundError."""
    query = select(AcceptanceList).where(AcceptanceList.id == list_id, _seen_by(actor))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(acceptance_list=str(list_id))
    return found


def list_acceptance_lists(
    session: Session, actor: Actor, *, after: str | None = None, before: str | None = None
) -> Page[Any]:
    """The lists that were confirmed, latest first, with how many cases were accepted and left out: one query."""
    counts = [
        select(func.count())
        .where(AcceptanceItem.list_id == AcceptanceList.id, AcceptanceItem.outcome == outcome)
        .scalar_subquery()
        .label(str(outcome))
        for outcome in ItemOutcome
    ]
    query = select(
        AcceptanceList.id, AcceptanceList.staged_by, AcceptanceList.staged_at, AcceptanceList.confirmed_at, *counts
    ).where(_seen_by(actor), AcceptanceList.confirmed_at.is_not(None))
    key = (AcceptanceList.staged_at, AcceptanceList.id)
    return paginate(session, query, key=key, after=after, before=before, descending=True)


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    if actor.has(*READERS):
        return true()
    return AcceptanceList.staged_by == actor.person_id


def list_items(session: Session, list_id: UUID) -> Sequence[Any]:
    """All cases of a list as plain rows, in order of their numbers; a list has a few hundred at most."""
    query = (
        select(
            AcceptanceItem.application_id,
            AcceptanceItem.outcome,
            AcceptanceItem.reason,
            AcceptanceItem.settled_at,
            Application.ref,
            Application.title,
            Application.requested_fen,
            Application.district_code,
            Application.call_id,
            Call.ref.label("call_ref"),
            CheckSummary.passed,
            CheckSummary.warned,
        )
        .join(Application, Application.id == AcceptanceItem.application_id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(CheckSummary, CheckSummary.application_id == Application.id)
        .where(AcceptanceItem.list_id == list_id)
        .order_by(Application.ref)
    )
    return session.execute(query).all()


def list_staged(session: Session, list_id: UUID) -> Sequence[UUID]:
    """The cases of a list that are still to be settled."""
    query = select(AcceptanceItem.application_id).where(
        AcceptanceItem.list_id == list_id, AcceptanceItem.outcome == ItemOutcome.STAGED
    )
    return session.scalars(query.order_by(AcceptanceItem.application_id)).all()


def sums_of(items: Collection[Any]) -> Mapping[ItemOutcome, ItemSums]:
    """The sums of ``list_items`` by outcome."""
    return {
        outcome: ItemSums(
            sum(item.outcome is outcome for item in items),
            sum(item.requested_fen for item in items if item.outcome is outcome),
        )
        for outcome in ItemOutcome
    }
