"""What may be used once only is free again when it is final that an application was not funded (docs/decisions/0047).

Earlier support stands against using a thing again, an earlier application without success does not. So what was used is
let go; that the enterprise has had its one application of the call or the year is not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from grants import outbox
from grants.applications.models import Application, Claim
from grants.applications.states import FUNDED, ApplicationState
from grants.programmes.domain import USE_KINDS

BATCH = 100


def let_go_uses(session: Session, call_id: UUID, *, now: datetime, limit: int = BATCH) -> int:
    """Release what the next applications that were not funded in a call have used; returns how many let go.

    For a worker, told by ``call.concluded``: that nothing of the call can be decided otherwise any more is for the
    stage that says so. Once they have let go, a second time finds nobody.

    Effects, in order: locks up to ``limit`` applications, releases their claims on things, publishes
    ``application.claims_released`` for each, so that those who failed by them are checked anew, and where there may be
    more, ``call.concluded`` again.
    """
    query = (
        select(Application.id)
        .where(Application.call_id == call_id, Application.state == ApplicationState.NOT_FUNDED)
        .where(exists().where(_of_use(), Claim.released_at.is_(None)))
        .order_by(Application.id)
        .limit(limit)
        .with_for_update(of=Application)
    )
    found = session.scalars(query).all()
    session.execute(
        update(Claim)
        .where(Claim.application_id.in_(found), Claim.kind.startswith(USE_KINDS, autoescape=True))
        .where(Claim.released_at.is_(None))
        .values(released_at=now),
        execution_options={"synchronize_session": "fetch"},
    )
    for application_id in found:
        outbox.publish(session, "application.claims_released", {"application_id": str(application_id)})
    if len(found) == limit:
        outbox.publish(session, "call.concluded", {"call_id": str(call_id)})
    return len(found)


def find_let_go(session: Session, applications: Collection[UUID]) -> frozenset[UUID]:
    """Those of the applications that have let go of what they used, or are about to; one query.

    Not funded, and one of its call is on a released list; or, where objections have left nothing to release, its claims
    on things have been released since it was not funded.
    """
    funded = aliased(Application)
    listed = exists().where(funded.call_id == Application.call_id, funded.state.in_(FUNDED))
    released = exists().where(_of_use(), Claim.released_at >= Application.state_since)
    query = (
        select(Application.id)
        .where(Application.id.in_(applications), Application.state == ApplicationState.NOT_FUNDED)
        .where(or_(listed, released))
    )
    return frozenset(session.scalars(query))


def _of_use() -> ColumnElement[bool]:
    """A claim of the application on something that may be used once only."""
    return (Claim.application_id == Application.id) & Claim.kind.startswith(USE_KINDS, autoescape=True)
