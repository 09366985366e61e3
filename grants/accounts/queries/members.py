"""Reading who belongs to a unit, who wants to, who was invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from grants.accounts.models import Invitation, Membership, Organisation, Person
from grants.accounts.states import InvitationState, Level, MembershipState
from grants.db import Page, paginate
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError
from grants.notifications import Recipient

REQUESTS_SHOWN = 20
INVITATIONS_SHOWN = 40
VERIFIED_OWNER = (Membership.state == MembershipState.VERIFIED) & (Membership.level == Level.OWNER)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its token's holder may see it, free of the database."""

    organisation_id: UUID
    organisation: str
    uscc: str
    email: str
    level: Level
    state: InvitationState
    inviter: str
    expires_at: datetime
    has_account: bool


def find_own_membership(
    session: Session, person_id: UUID | None, organisation_id: UUID, *, anew: bool = False
) -> Membership | None:
    """A person's membership of a unit, whatever its state; ``anew``: as the database has it by now."""
    query = select(Membership).where(Membership.person_id == person_id, Membership.organisation_id == organisation_id)
    return session.scalars(query.execution_options(populate_existing=anew)).one_or_none()


def get_unit(session: Session, organisation_id: UUID, actor: Actor) -> Organisation:
    """A unit the actor acts for; raises NotFoundError for any other."""
    organisation = session.get(Organisation, organisation_id) if organisation_id in actor.organisation_ids() else None
    if organisation is None:
        raise NotFoundError(organisation=str(organisation_id))
    return organisation


def get_fellow(session: Session, membership_id: UUID, organisation: Organisation) -> Membership:
    """A membership of this unit with its person; raises NotFoundError for one of another."""
    query = (
        select(Membership)
        .where(Membership.id == membership_id, Membership.organisation_id == organisation.id)
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    membership = session.scalars(query).one_or_none()
    if membership is None:
        raise NotFoundError(membership=str(membership_id))
    return membership


def list_members(
    session: Session, organisation_id: UUID, *, after: str | None = None, before: str | None = None, limit: int = 25
) -> Page[Membership]:
    """The verified members of a unit with their people, oldest first."""
    query = (
        select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.state == MembershipState.VERIFIED)
        .options(joinedload(Membership.person))
    )
    key = (Membership.created_at, Membership.id)
    return paginate(session, query, key=key, after=after, before=before, limit=limit)


def list_requests(session: Session, organisation_id: UUID) -> Sequence[Membership]:
    """Who asks to join a unit, longest waiting first; the first twenty."""
    query = (
        select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.state == MembershipState.UNVERIFIED)
        .options(joinedload(Membership.person))
        .order_by(Membership.created_at, Membership.id)
        .limit(REQUESTS_SHOWN)
    )
    return session.scalars(query).all()


def list_invitations(session: Session, organisation_id: UUID) -> Sequence[Invitation]:
    """Invitations nobody has accepted or withdrawn, expired ones included, latest first."""
    query = (
        select(Invitation)
        .where(Invitation.organisation_id == organisation_id, Invitation.state == InvitationState.OPEN)
        .order_by(Invitation.invited_at.desc(), Invitation.id)
        .limit(INVITATIONS_SHOWN)
    )
    return session.scalars(query).all()


def get_invitation(session: Session, invitation_id: UUID, organisation: Organisation) -> Invitation:
    """One invitation of this unit; raises NotFoundError."""
    query = select(Invitation).where(Invitation.id == invitation_id, Invitation.organisation_id == organisation.id)
    invitation = session.scalars(query).one_or_none()
    if invitation is None:
        raise NotFoundError(invitation=str(invitation_id))
    return invitation


def count_open_invitations(session: Session, organisation_id: UUID, *, now: datetime) -> int:
    """How many invitations of a unit can be accepted now."""
    query = select(func.count()).where(
        Invitation.organisation_id == organisation_id,
        Invitation.state == InvitationState.OPEN,
        Invitation.expires_at > now,
    )
    return session.scalar(query) or 0


def count_other_owners(session: Session, membership: Membership) -> int:
    """How many verified owners the unit has besides this one."""
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Membership.person)
        .where(Membership.organisation_id == membership.organisation_id, Membership.id != membership.id)
        .where(VERIFIED_OWNER, Person.disabled_at.is_(None))
    )
    return session.scalar(query) or 0


def owners_to_tell(session: Session, organisation_id: UUID) -> list[Recipient]:
    """The verified owners of a unit; ordered by id."""
    query = (
        select(Person.id, Person.email, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, VERIFIED_OWNER, Person.disabled_at.is_(None))
    )
    return [Recipient(*row) for row in session.execute(query.order_by(Person.id))]


def find_invited(session: Session, token_hash: str) -> Invited | None:
    """The invitation whose token has this fingerprint, as its holder may see it."""
    holder = aliased(Person)
    known = select(holder.id).where(holder.email == Invitation.email).exists()
    query = (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.uscc,
            Invitation.email,
            Invitation.level,
            Invitation.state,
            Person.name,
            Invitation.expires_at,
            known,
        )
        .join(Invitation.organisation)
        .join(Invitation.inviter)
        .where(Invitation.token_hash == token_hash)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else Invited(*row)
