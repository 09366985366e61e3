"""What is proposed against acceptances."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants.applications.models import Application
from grants.eligibility.models import AcceptanceRevocation
from grants.eligibility.states import RevocationState


def find_open_revocation(session: Session, application: Application) -> AcceptanceRevocation | None:
    """The proposal that waits for a second person, with who made it."""
    query = (
        select(AcceptanceRevocation)
        .where(AcceptanceRevocation.application_id == application.id)
        .where(AcceptanceRevocation.state == RevocationState.PROPOSED)
        .options(joinedload(AcceptanceRevocation.proposer))
        .order_by(AcceptanceRevocation.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
