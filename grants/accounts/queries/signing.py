"""Who signs for an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.models import Membership, Person
from grants.accounts.states import Level, MembershipState
from grants.notifications import Recipient


@dataclass(frozen=True, slots=True)
class Signing:
    """How one person stands to an organisation's signature.

    ``verified``: an officer has approved their papers (decision 11). ``signatories``: those who sign where the
    organisation has named somebody for it; the others prepare.
    """

    verified: bool
    signatories: tuple[Recipient, ...]


def signing_of(session: Session, person_id: UUID | None, organisation_id: UUID) -> Signing:
    """The standing of a person and the organisation's verified signatories, by name; one query."""
    query = (
        select(Membership.person_id, Membership.level, Person.email, Person.name)
        .join(Membership.person)
        .where(Membership.organisation_id == organisation_id, Membership.state == MembershipState.VERIFIED)
        .where(Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    members = list(iter(session.execute(query)))
    return Signing(
        any(member == person_id for member, *_ in members),
        tuple(Recipient(member, email, name) for member, level, email, name in members if level is Level.SIGNATORY),
    )
