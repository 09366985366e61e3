"""What services about units share: locks in one order (organisation, then membership), rows made once, who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants.accounts.models import Membership, Organisation
from grants.accounts.policies import may_manage_members
from grants.accounts.queries import find_own_membership, owners_to_tell
from grants.db import Base
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError
from grants.notifications import Recipient, notify

MEMBERSHIP_PATH = "/organisation"


def lock_organisation(session: Session, organisation_id: UUID) -> Organisation:
    """Let nobody else change who belongs to the organisation until the transaction ends; always the first lock."""
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update(of=Organisation)
    organisation = session.scalars(query).one_or_none()
    if organisation is None:
        raise NotFoundError(organisation=str(organisation_id))
    return organisation


def require_owner(session: Session, organisation_id: UUID, actor: Actor) -> Membership:
    """The actor's own membership as it stands under the lock; ForbiddenError unless it is a verified owner's.

    What the actor was when the request began may have been taken away meanwhile, so the row is read anew.
    """
    own = find_own_membership(session, actor.person_id, organisation_id, anew=True)
    may_manage_members(own).require()
    assert own is not None, "the policy refuses strangers"
    return own


def lock_membership(session: Session, membership: Membership) -> None:
    """Read the membership anew and keep it so; raises NotFoundError."""
    query = select(Membership).where(Membership.id == membership.id).with_for_update(of=Membership)
    if session.scalars(query.execution_options(populate_existing=True)).one_or_none() is None:
        raise NotFoundError(membership=str(membership.id))


def add_unless_known(session: Session, entity: type[Base], unique: str, values: dict[str, object]) -> UUID | None:
    """Insert a row unless another has the same ``unique`` column; of two at the same moment the database takes one."""
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = upsert(entity).values(**values).on_conflict_do_nothing(index_elements=[unique])
    table = entity.__table__
    return session.execute(statement.returning(table.c.id)).scalar_one_or_none()


def tell_member(
    session: Session, membership: Membership, kind: str, event_key: str, *, now: datetime, **facts: str
) -> None:
    """Tell the person of a membership about it."""
    person, organisation = membership.person, membership.organisation
    told = {"name": organisation.name, "ref": organisation.uscc, **facts}
    if membership.reason:
        told["reason"] = membership.reason
    recipient = Recipient(person.id, person.email, person.name)
    notify(session, event_key=event_key, kind=kind, recipients=[recipient], facts=told, path=MEMBERSHIP_PATH, now=now)


def tell_owners(
    session: Session,
    organisation: Organisation,
    kind: str,
    event_key: str,
    *,
    now: datetime,
    but: Iterable[UUID | None] = (),
    **facts: str,
) -> None:
    """Tell the verified owners of an organisation, ``but`` left out."""
    left_out = frozenset(but)
    recipients = [one for one in owners_to_tell(session, organisation.id) if one.person_id not in left_out]
    told = {"name": organisation.name, "ref": organisation.uscc, **facts}
    path = f"/organisation/{organisation.id}/members"
    notify(session, event_key=event_key, kind=kind, recipients=recipients, facts=told, path=path, now=now)
