"""Claims worked out anew over all applications, batch by batch, and those checked again whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from grants import outbox
from grants.applications.models import Application, Claim, Revision
from grants.applications.services import Reclaimed, rebuild_claims
from grants.applications.states import ApplicationState
from grants.outbox import Lane

UNDECIDED = (ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ClaimsCount:
    """Claims that stand, the things they are on, and how many of those more than one application claims."""

    claims: int
    things: int
    contested: int


def count_claims(session: Session) -> ClaimsCount:
    """How many claims stand, on how many things."""
    per_thing = (
        select(func.count().label("claimants"))
        .where(Claim.released_at.is_(None))
        .group_by(Claim.kind, Claim.scope, Claim.key)
        .subquery()
    )
    contested = func.count().filter(per_thing.c.claimants > 1)
    claims, things, several = session.execute(
        select(func.coalesce(func.sum(per_thing.c.claimants), 0), func.count(), contested).select_from(per_thing)
    ).one()
    return ClaimsCount(int(claims), things, several)


def rebuild_next_claims(session: Session, *, after: UUID | None = None, limit: int = 100) -> tuple[Reclaimed, int]:
    """Rebuild the claims of the next applications and ask for another check of every undecided case that stands on a
    thing on which a place may have changed; returns what was done and how many were asked for."""
    done = rebuild_claims(session, after=after, limit=limit)
    revisions: set[UUID] = set()
    things = sorted(done.things)
    for start in range(0, len(things), CHUNK):
        query = (
            select(Revision.id)
            .join(Application, Application.id == Revision.application_id)
            .join(Claim, Claim.application_id == Application.id)
            .where(Revision.number == Application.revision_no, Application.state.in_(UNDECIDED))
            .where(tuple_(Claim.kind, Claim.scope, Claim.key).in_(things[start : start + CHUNK]))
            .where(Claim.released_at.is_(None))
        )
        revisions.update(session.scalars(query))
    for revision_id in sorted(revisions):
        outbox.publish(session, "application.recheck_asked", {"revision_id": str(revision_id)}, lane=Lane.BULK)
    return done, len(revisions)
