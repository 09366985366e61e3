"""Inviting colleagues by e-mail: an owner's word, a token that only the mailbox has, seven days.

An account proves nothing about its address until a mail has reached it, so the token is asked for even from somebody
who is signed in with that address.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts import policies
from grants.accounts.domain import normal_email, valid_email
from grants.accounts.models import Invitation, Membership, Person
from grants.accounts.queries import (
    count_open_invitations,
    find_invited,
    find_own_membership,
    find_person_by_email,
    get_person,
)
from grants.accounts.services.members import LEVEL_WORDS, take_in
from grants.accounts.services.tokens import hash_of, make_token
from grants.accounts.services.units import add_unless_known, lock_organisation, require_owner, tell_owners
from grants.accounts.states import InvitationState, Level, MembershipState
from grants.db import uuid7
from grants.kernel.actor import Actor
from grants.kernel.clock import SHANGHAI
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.notifications import send_secret

INVITATION_LIFE = timedelta(days=7)
MOST_OPEN = 20


def invite(
    session: Session, organisation_id: UUID, *, email: str, level: Level, actor: Actor, now: datetime
) -> Invitation:
    """Ask somebody to act for the unit; to the same address again, a new token replaces the old one.

    Effects, in order: locks the organisation, adds or renews the invitation, audit entry, the mail with its token.

    Raises:
        ForbiddenError: not a verified owner of the unit.
        InvalidError: ``email_invalid``, ``already_member``, ``too_many_invitations`` (20 open ones).
    """
    organisation = lock_organisation(session, organisation_id)
    own = require_owner(session, organisation_id, actor)
    address = normal_email(email)
    _require_invitable(session, organisation_id, address)
    invitation = _find_open(session, organisation_id, address)
    is_one_more = invitation is None or invitation.expires_at <= now
    if is_one_more and count_open_invitations(session, organisation_id, now=now) >= MOST_OPEN:
        raise InvalidError("too_many_invitations", limit=MOST_OPEN)
    if invitation is None:
        invitation = Invitation(organisation=organisation, email=address)
        session.add(invitation)
    token, invitation.token_hash = make_token()
    invitation.level, invitation.invited_by, invitation.invited_at = level, own.person_id, now
    invitation.expires_at = now + INVITATION_LIFE
    session.flush()
    detail = {"email": address, "level": str(level)}
    audit.record(session, actor, "invitation.sent", ("organisation", organisation_id), at=now, detail=detail)
    _send(session, invitation, token, by=actor, now=now)
    return invitation


def withdraw_invitation(session: Session, invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    """Make an invitation's token worthless. Raises ForbiddenError: not a verified owner; InvalidError: not open."""
    lock_organisation(session, invitation.organisation_id)
    require_owner(session, invitation.organisation_id, actor)
    session.refresh(invitation)
    if invitation.state is not InvitationState.OPEN:
        raise InvalidError(f"invitation_{invitation.state}")
    invitation.state, invitation.closed_at = InvitationState.WITHDRAWN, now
    detail = {"email": invitation.email}
    subject = ("organisation", invitation.organisation_id)
    audit.record(session, actor, "invitation.withdrawn", subject, at=now, detail=detail)


def accept_invitation(session: Session, token: str, *, actor: Actor, now: datetime) -> Membership:
    """Act for the unit from now on, verified by the word of the owner who invited.

    Effects, in order: locks the organisation, closes the invitation, adds or takes up the membership, audit entry,
    tells the owners.

    Raises:
        NotFoundError: no invitation has this token.
        ForbiddenError: signed in with another address (``invitation_other_address``), or on the office's side.
        InvalidError: ``invitation_accepted``, ``invitation_withdrawn``, ``invitation_expired``, ``invitation_lapsed``
            (the inviter is no owner any more, or their account was closed), ``membership_exists``.
    """
    policies.may_request_membership(actor).require()
    invitation = _open(session, token, now=now)
    person = get_person(session, _person_id(actor))
    if person.email != invitation.email:
        raise ForbiddenError("invitation_other_address")
    return _accept(session, invitation, person, actor=actor, now=now)


def accept_as_new_person(
    session: Session, token: str, *, name: str, phone: str, password_hash: str, now: datetime
) -> Person:
    """Make the account of somebody invited and accept; the token has proved the address, so no papers are asked for.

    Raises as ``accept_invitation``; InvalidError ``email_taken``: there is an account, which signs in instead.
    """
    invitation = _open(session, token, now=now)
    given = {"email": invitation.email, "name": name.strip(), "phone": phone, "password_hash": password_hash}
    person_id = add_unless_known(session, Person, "email", {"id": uuid7(), **given, "created_at": now})
    if person_id is None:
        raise InvalidError("email_taken")
    person = session.get_one(Person, person_id)
    _accept(session, invitation, person, actor=Actor(person.id, person.name), now=now)
    return person


def _accept(session: Session, invitation: Invitation, person: Person, *, actor: Actor, now: datetime) -> Membership:
    organisation = invitation.organisation
    inviter = find_own_membership(session, invitation.invited_by, organisation.id, anew=True)
    if inviter is None or inviter.person.disabled_at is not None or not policies.may_manage_members(inviter):
        raise InvalidError("invitation_lapsed")
    membership = find_own_membership(session, person.id, organisation.id, anew=True)
    if membership is not None and membership.state is MembershipState.VERIFIED:
        raise InvalidError("membership_exists")
    if membership is None:
        membership = Membership(person=person, organisation=organisation, level=invitation.level, created_at=now)
        membership.state, membership.stated_name = MembershipState.UNVERIFIED, organisation.name
        session.add(membership)
    take_in(membership, invitation.level, by=inviter, now=now)
    invitation.state, invitation.closed_at, invitation.accepted_by = InvitationState.ACCEPTED, now, person.id
    session.flush()
    detail = {"organisation": organisation.uscc, "level": str(invitation.level), "invited_by": str(inviter.person_id)}
    audit.record(session, actor, "membership.joined", ("membership", membership.id), at=now, detail=detail)
    key, words = f"joined:{membership.id}:{now.isoformat()}", LEVEL_WORDS[invitation.level]
    tell_owners(
        session, organisation, "membership.joined", key, now=now, but=(person.id,), person=person.name, level=words
    )
    return membership


def _open(session: Session, token: str, *, now: datetime) -> Invitation:
    """The invitation of this token, its organisation locked, if it can be accepted now."""
    fingerprint = hash_of(token)
    found = find_invited(session, fingerprint)
    if found is None:
        raise NotFoundError(invitation="unknown")
    lock_organisation(session, found.organisation_id)
    query = select(Invitation).where(Invitation.token_hash == fingerprint)
    invitation = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if invitation is None:
        raise NotFoundError(invitation="unknown")
    if invitation.state is not InvitationState.OPEN:
        raise InvalidError(f"invitation_{invitation.state}")
    if invitation.expires_at <= now:
        raise InvalidError("invitation_expired")
    return invitation


def _find_open(session: Session, organisation_id: UUID, email: str) -> Invitation | None:
    query = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.email == email,
        Invitation.state == InvitationState.OPEN,
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _require_invitable(session: Session, organisation_id: UUID, email: str) -> None:
    if not valid_email(email):
        raise InvalidError("email_invalid")
    person = find_person_by_email(session, email)
    membership = find_own_membership(session, person.id, organisation_id) if person is not None else None
    if membership is not None and membership.state is MembershipState.VERIFIED:
        raise InvalidError("already_member")


def _send(session: Session, invitation: Invitation, token: str, *, by: Actor, now: datetime) -> None:
    organisation = invitation.organisation
    until = invitation.expires_at.astimezone(SHANGHAI)
    facts = {
        "name": organisation.name,
        "ref": organisation.uscc,
        "by": by.name,
        "level": LEVEL_WORDS[invitation.level],
        "until": f"{until.year}年{until.month}月{until.day}日 {until:%H:%M}",
    }
    send_secret(
        session,
        event_key=f"invited:{invitation.id}:{invitation.token_hash[:16]}",
        kind="membership.invited",
        to_address=invitation.email,
        facts=facts,
        path=f"/invitations/{token}",
        now=now,
    )


def _person_id(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id
