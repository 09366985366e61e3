"""Reading memberships: the officers' queue, one's own, whether somebody may submit for a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.models import Membership
from grants.accounts.states import MembershipState
from grants.db import Page, paginate
from grants.documents import StoredFile
from grants.kernel.actor import Actor, Role
from grants.kernel.errors import NotFoundError

VERIFIERS = (Role.OFFICER, Role.ADMINISTRATOR)


def is_verified_member(session: Session, person_id: UUID | None, organisation_id: UUID) -> bool:
    """Whether an officer has approved this person's papers for this organisation (decision 11)."""
    query = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        Membership.state == MembershipState.VERIFIED,
    )
    return session.scalar(query) is not None


def get_membership(session: Session, membership_id: UUID, actor: Actor) -> Membership:
    """One membership with person and organisation; raises NotFoundError for whoever neither owns nor verifies it."""
    query = (
        select(Membership)
        .where(Membership.id == membership_id)
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    if not actor.has(*VERIFIERS):
        query = query.where(Membership.person_id == actor.person_id)
    membership = session.scalars(query).one_or_none()
    if membership is None:
        raise NotFoundError(membership=str(membership_id))
    return membership


def get_proof(session: Session, membership: Membership) -> StoredFile:
    """The licence or authorisation letter of a membership; raises NotFoundError where there is none."""
    file = session.get(StoredFile, membership.proof_file_id) if membership.proof_file_id else None
    if file is None:
        raise NotFoundError(membership=str(membership.id))
    return file


def list_memberships_of(session: Session, person_id: UUID | None) -> Sequence[Membership]:
    """A person's own memberships with their organisations, oldest first."""
    query = (
        select(Membership)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.organisation))
        .order_by(Membership.created_at, Membership.id)
    )
    return session.scalars(query).all()


def list_fellow_members(session: Session, membership: Membership) -> Sequence[Membership]:
    """The other memberships of the same organisation with their people, oldest first."""
    query = (
        select(Membership)
        .where(Membership.organisation_id == membership.organisation_id, Membership.id != membership.id)
        .options(joinedload(Membership.person))
        .order_by(Membership.created_at, Membership.id)
    )
    return session.scalars(query).all()


def list_queue(
    session: Session,
    *,
    state: MembershipState = MembershipState.UNVERIFIED,
    after: str | None = None,
    before: str | None = None,
    limit: int = 25,
) -> Page[Membership]:
    """Memberships in a state with person and organisation, longest waiting first; the guard lets verifiers in only."""
    query = (
        select(Membership)
        .where(Membership.state == state)
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    key = (Membership.created_at, Membership.id)
    return paginate(session, query, key=key, after=after, before=before, limit=limit)


def count_by_state(session: Session) -> Mapping[MembershipState, int]:
    """How many memberships stand in each state; states without any are missing."""
    query = select(Membership.state, func.count()).group_by(Membership.state)
    return {row[0]: row[1] for row in session.execute(query)}
