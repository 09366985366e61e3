"""Reading people, and whom to tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.accounts.domain import LOCK_WINDOW, normal_email
from grants.accounts.models import Membership, Organisation, Person, RoleGrant, SignInAttempt
from grants.accounts.states import Level, MembershipState
from grants.db import Page, paginate
from grants.kernel.actor import ANYWHERE, Role
from grants.kernel.errors import NotFoundError
from grants.notifications import Recipient, failing_addresses

TOLD_LEVELS = (Level.OWNER, Level.EDITOR, Level.SIGNATORY)
ATTEMPTS_READ = 100


def get_person(session: Session, person_id: UUID) -> Person:
    """The person with roles and memberships; raises NotFoundError."""
    query = (
        select(Person)
        .where(Person.id == person_id)
        .options(selectinload(Person.role_grants), selectinload(Person.memberships).joinedload(Membership.organisation))
    )
    person = session.scalars(query).one_or_none()
    if person is None:
        raise NotFoundError(person=str(person_id))
    return person


def find_person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address in any case and width of letters."""
    return session.scalars(select(Person).where(Person.email == normal_email(email))).one_or_none()


def list_people(
    session: Session, *, search: str = "", after: str | None = None, before: str | None = None, limit: int = 25
) -> Page[Person]:
    """Everybody, newest first; ``search`` is the beginning of a name or of an e-mail address. Three queries
    whatever the page."""
    query = select(Person).options(
        selectinload(Person.role_grants), selectinload(Person.memberships).joinedload(Membership.organisation)
    )
    if search:
        starts_so = Person.name.startswith(search, autoescape=True)
        query = query.where(starts_so | Person.email.startswith(normal_email(search), autoescape=True))
    key = (Person.created_at, Person.id)
    return paginate(session, query, key=key, after=after, before=before, limit=limit, descending=True)


def get_role_grant(session: Session, grant_id: UUID) -> RoleGrant:
    """One grant with its person; raises NotFoundError."""
    query = select(RoleGrant).where(RoleGrant.id == grant_id).options(joinedload(RoleGrant.person))
    grant = session.scalars(query).one_or_none()
    if grant is None:
        raise NotFoundError(grant=str(grant_id))
    return grant


def recipients(session: Session, person_ids: Collection[UUID]) -> list[Recipient]:
    """These people as recipients, those whose account is closed left out; ordered by id."""
    if not person_ids:
        return []
    query = select(Person.id, Person.email, Person.name).where(Person.id.in_(person_ids), Person.disabled_at.is_(None))
    return [Recipient(*row) for row in session.execute(query.order_by(Person.id))]


def members_to_tell(session: Session, organisation_id: UUID) -> list[Recipient]:
    """Those who act for the organisation and do more than read; ordered by id."""
    return [Recipient(*row) for row in session.execute(_RECIPIENTS, {"organisation_id": organisation_id})]


def failing_members(session: Session, organisation_id: UUID) -> Mapping[str, datetime]:
    """Addresses of those who are told for the organisation that mails do not reach, and since when; one query."""
    return failing_addresses(session, _told_members(organisation_id))


def _told_members(organisation_id: Any) -> Select[str]:
    acting = (Membership.state == MembershipState.VERIFIED) | (
        (Membership.state == MembershipState.UNVERIFIED) & Membership.may_draft
    )
    return (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.level.in_(TOLD_LEVELS), acting)
        .where(Person.disabled_at.is_(None))
    )


# Built once: every check, submission and decision asks it.
_RECIPIENTS = (
    _told_members(bindparam("organisation_id"))
    .with_only_columns(Person.id, Person.email, Person.name)
    .order_by(Person.id)
)


def staff_to_tell(session: Session, role: Role, *scopes: str) -> list[Recipient]:
    """Holders of ``role`` everywhere or in one of ``scopes``; ordered by id."""
    held = select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.scope.in_((ANYWHERE, *scopes)))
    query = select(Person.id, Person.email, Person.name).where(Person.id.in_(held), Person.disabled_at.is_(None))
    return [Recipient(*row) for row in session.execute(query.order_by(Person.id))]


def list_failures_of_email(session: Session, email: str, *, now: datetime) -> Sequence[datetime]:
    """Instants of failed attempts with this address since its last success, within the window; latest first."""
    query = (
        select(SignInAttempt.at, SignInAttempt.succeeded)
        .where(SignInAttempt.email == email, SignInAttempt.at > now - LOCK_WINDOW)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
        .limit(ATTEMPTS_READ)
    )
    failures: list[datetime] = []
    for at, succeeded in session.execute(query):
        if succeeded:
            break
        failures.append(at)
    return failures


def list_failures_of_source(session: Session, source: str, *, now: datetime) -> Sequence[datetime]:
    """Instants of failed attempts from this source within the window; latest first. A success forgives none of them."""
    query = (
        select(SignInAttempt.at)
        .where(SignInAttempt.source == source, SignInAttempt.at > now - LOCK_WINDOW, ~SignInAttempt.succeeded)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
        .limit(ATTEMPTS_READ)
    )
    return session.scalars(query).all()


def find_organisation(session: Session, uscc: str) -> Organisation | None:
    """The organisation with this credit code."""
    return session.scalars(select(Organisation).where(Organisation.uscc == uscc)).one_or_none()
