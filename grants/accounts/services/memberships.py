"""Asking to act for an organisation: registration, joining, another try after a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit, documents
from grants.accounts import policies
from grants.accounts.domain import normal_email
from grants.accounts.models import Membership, Organisation, Person
from grants.accounts.queries import find_person_by_email
from grants.accounts.services.units import (
    MEMBERSHIP_PATH,
    add_unless_known,
    lock_membership,
    tell_member,
    tell_owners,
)
from grants.accounts.states import MEMBERSHIP, Level, MembershipState
from grants.db import uuid7
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import InvalidError
from grants.notifications import Recipient, notify


@dataclass(frozen=True, slots=True)
class Registration:
    """What an enterprise registers with; ``email`` normal, ``uscc`` valid in capitals, the password hashed already."""

    uscc: str
    organisation_name: str
    name: str
    email: str
    phone: str
    password_hash: str
    proof: documents.Received | None


def register_enterprise(session: Session, registration: Registration, *, now: datetime) -> Membership | None:
    """Make a person and an unverified membership of the organisation with this code; the organisation too if it is
    new.

    A known code never makes a second organisation, whoever else registers it at this moment. A known e-mail changes
    nothing and tells its owner by mail; the answer on screen is the same, so that nobody learns who has an account.

    Returns the membership, or None where the e-mail was known.
    """
    address = normal_email(registration.email)
    person_id = add_unless_known(
        session,
        Person,
        "email",
        {
            "id": uuid7(),
            "email": address,
            "name": registration.name,
            "phone": registration.phone,
            "password_hash": registration.password_hash,
            "created_at": now,
        },
    )
    if person_id is None:
        _tell_known_person(session, address, now=now)
        return None
    person = session.get_one(Person, person_id)
    actor = Actor(person.id, person.name)
    membership = _add_membership(
        session,
        person,
        uscc=registration.uscc,
        name=registration.organisation_name,
        proof=registration.proof,
        actor=actor,
        now=now,
    )
    tell_member(session, membership, "account.registered", f"registered:{person.id}", now=now)
    return membership


def request_membership(
    session: Session,
    person: Person,
    *,
    uscc: str,
    organisation_name: str,
    proof: documents.Received | None,
    actor: Actor,
    now: datetime,
) -> Membership:
    """Ask to act for one more organisation.

    Raises:
        ForbiddenError: the person stands on the office's side (decision 10).
        InvalidError: ``membership_exists``: has asked for, or belongs to, this organisation already;
            ``membership_ended_before``: did once, and asks again by other papers.
    """
    policies.may_request_membership(actor).require()
    _lock_person(session, person)
    former = next((one for one in person.memberships if one.organisation.uscc == uscc), None)
    if former is not None:
        ended = former.state is MembershipState.ENDED
        raise InvalidError("membership_ended_before" if ended else "membership_exists")
    return _add_membership(session, person, uscc=uscc, name=organisation_name, proof=proof, actor=actor, now=now)


def resubmit_proof(
    session: Session, membership: Membership, *, proof: documents.Received | None, actor: Actor, now: datetime
) -> Membership:
    """Ask again with other papers after a refusal or an end; the membership joins the end of the queue.

    Raises:
        ForbiddenError: not one's own, neither refused nor ended, or the person stands on the office's side now.
    """
    lock_membership(session, membership)
    policies.may_resubmit_proof(actor, membership).require()
    if membership.state is MembershipState.ENDED:
        membership.level, membership.vouched_by = Level.EDITOR, None
    membership.state = MEMBERSHIP.next(membership.state, "resubmit")
    membership.proof_file_id, membership.created_at = _keep(session, proof, by=membership.person_id, now=now), now
    membership.decided_by, membership.decided_at, membership.reason = None, None, ""
    detail = {"organisation": membership.organisation.uscc, "proof": str(membership.proof_file_id)}
    audit.record(session, actor, "membership.resubmitted", ("membership", membership.id), at=now, detail=detail)
    return membership


def _add_membership(
    session: Session,
    person: Person,
    *,
    uscc: str,
    name: str,
    proof: documents.Received | None,
    actor: Actor,
    now: datetime,
) -> Membership:
    new_id = add_unless_known(
        session, Organisation, "uscc", {"id": uuid7(), "uscc": uscc, "name": name, "created_at": now}
    )
    organisation = session.scalars(select(Organisation).where(Organisation.uscc == uscc)).one()
    membership = Membership(
        person=person,
        organisation=organisation,
        level=Level.OWNER if new_id else Level.EDITOR,
        may_draft=new_id is not None,
        stated_name=name,
        proof_file_id=_keep(session, proof, by=person.id, now=now),
        created_at=now,
    )
    session.add(membership)
    session.flush()
    detail = {
        "organisation": uscc,
        "stated_name": name,
        "new": new_id is not None,
        "proof": str(membership.proof_file_id),
    }
    audit.record(session, actor, "membership.requested", ("membership", membership.id), at=now, detail=detail)
    tell_owners(
        session, organisation, "membership.requested", f"requested:{membership.id}", now=now, person=person.name
    )
    return membership


def _keep(session: Session, proof: documents.Received | None, *, by: UUID, now: datetime) -> UUID | None:
    return None if proof is None else documents.add_file(session, proof, by=by, now=now).id


def _lock_person(session: Session, person: Person) -> None:
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    session.refresh(person, ["memberships", "role_grants"])


def _tell_known_person(session: Session, address: str, *, now: datetime) -> None:
    """At most one mail a day, however often somebody tries."""
    person = find_person_by_email(session, address)
    if person is None or person.disabled_at is not None:
        return
    notify(
        session,
        event_key=f"already_registered:{local_date(now)}",
        kind="account.already_registered",
        recipients=[Recipient(person.id, person.email, person.name)],
        facts={"name": person.name, "ref": person.email},
        path=MEMBERSHIP_PATH,
        now=now,
    )
