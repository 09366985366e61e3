"""Acting for an organisation: registration, joining, the officer's decision, another try after a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit, documents
from grants.accounts import policies
from grants.accounts.domain import normal_email
from grants.accounts.models import Membership, Organisation, Person
from grants.accounts.queries import find_person_by_email
from grants.accounts.states import MEMBERSHIP, Level, MembershipState
from grants.db import Base, uuid7
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import InvalidError, NotFoundError
from grants.notifications import Recipient, notify

MEMBERSHIP_PATH = "/organisation"
STATES = MembershipState


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
    person_id = _add_unless_known(
        session,
        Person,
        "email",
        {
            "id": uuid7(),
            "email": address,
            "name": registration.name,
            "phone": registration.phone,
            "password_hash": registration.password_hash,
            "session_epoch": 0,
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
    _tell(session, membership, "account.registered", f"registered:{person.id}", now=now)
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
        InvalidError: ``membership_exists``: has asked for, or belongs to, this organisation already.
    """
    policies.may_request_membership(actor).require()
    _lock_person(session, person)
    if any(membership.organisation.uscc == uscc for membership in person.memberships):
        raise InvalidError("membership_exists")
    return _add_membership(session, person, uscc=uscc, name=organisation_name, proof=proof, actor=actor, now=now)


def decide_membership(
    session: Session,
    membership: Membership,
    *,
    verified: bool,
    reason: str,
    actor: Actor,
    now: datetime,
    organisation_name: str | None = None,
) -> Membership:
    """Approve the papers, or refuse them with a reason the person is told.

    Effects, in order: locks the membership, moves it, on approval sets the unit's name as it stands on the licence,
    makes its first verified member the owner and ends the drafting of others not yet verified; audit entry; notice
    to the person.

    Raises:
        ForbiddenError: not an officer or administrator, one's own membership, or decided already.
        InvalidError: ``reason_missing``: a refusal without a reason.
    """
    _lock_membership(session, membership)
    policies.may_decide_membership(actor, membership).require()
    if not verified and not reason.strip():
        raise InvalidError("reason_missing")
    membership.state = MEMBERSHIP.next(membership.state, "verify" if verified else "refuse")
    membership.decided_by, membership.decided_at, membership.reason = actor.person_id, now, reason.strip()
    if verified:
        _settle_organisation(session, membership, name=organisation_name)
    kind = "membership.verified" if verified else "membership.refused"
    detail = {"organisation": membership.organisation.uscc, "reason": membership.reason}
    audit.record(session, actor, kind, ("membership", membership.id), at=now, detail=detail)
    _tell(session, membership, kind, f"{kind}:{membership.id}:{now.isoformat()}", now=now)
    return membership


def resubmit_proof(
    session: Session, membership: Membership, *, proof: documents.Received | None, actor: Actor, now: datetime
) -> Membership:
    """Ask again with other papers after a refusal; the membership joins the end of the queue.

    Raises:
        ForbiddenError: not one's own, not refused, or the person stands on the office's side now.
    """
    _lock_membership(session, membership)
    policies.may_resubmit_proof(actor, membership).require()
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
    new_id = _add_unless_known(
        session, Organisation, "uscc", {"id": uuid7(), "uscc": uscc, "name": name, "profile": {}, "created_at": now}
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
    return membership


def _keep(session: Session, proof: documents.Received | None, *, by: UUID, now: datetime) -> UUID | None:
    return None if proof is None else documents.add_file(session, proof, by=by, now=now).id


def _settle_organisation(session: Session, membership: Membership, *, name: str | None) -> None:
    if name is not None and name.strip():
        membership.organisation.name = name.strip()
    fellows = Membership.organisation_id == membership.organisation_id, Membership.id != membership.id
    others = select(Membership.id).where(*fellows, Membership.state == STATES.VERIFIED, Membership.level == Level.OWNER)
    if session.scalar(others.limit(1)) is None:
        membership.level = Level.OWNER
    session.execute(update(Membership).where(*fellows).values(may_draft=False))


def _add_unless_known(session: Session, entity: type[Base], unique: str, values: dict[str, object]) -> UUID | None:
    """Insert a row unless another has the same ``unique`` column; of two at the same moment the database takes one."""
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = upsert(entity).values(**values).on_conflict_do_nothing(index_elements=[unique])
    table = entity.__table__
    return session.execute(statement.returning(table.c.id)).scalar_one_or_none()


def _lock_membership(session: Session, membership: Membership) -> None:
    query = select(Membership).where(Membership.id == membership.id).with_for_update(of=Membership)
    if session.scalars(query.execution_options(populate_existing=True)).one_or_none() is None:
        raise NotFoundError(membership=str(membership.id))


def _lock_person(session: Session, person: Person) -> None:
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    session.refresh(person, ["memberships", "role_grants"])


def _tell(session: Session, membership: Membership, kind: str, event_key: str, *, now: datetime) -> None:
    person, organisation = membership.person, membership.organisation
    facts = {"name": organisation.name, "ref": organisation.uscc}
    if membership.reason:
        facts["reason"] = membership.reason
    recipient = Recipient(person.id, person.email, person.name)
    notify(session, event_key=event_key, kind=kind, recipients=[recipient], facts=facts, path=MEMBERSHIP_PATH, now=now)


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
