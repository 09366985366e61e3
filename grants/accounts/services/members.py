"""The members of a unit: what its owners change, handing over, leaving.

Whoever changes who belongs to a unit locks the organisation first and then reads anew what they themselves are: of two
owners who remove each other at the same moment, the second is no owner any more.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts import policies
from grants.accounts.models import Membership
from grants.accounts.queries import count_other_owners
from grants.accounts.services.units import lock_membership, lock_organisation, require_owner, tell_member, tell_owners
from grants.accounts.states import MEMBERSHIP, Level
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError

# As letters say it: whoever sends them knows no words of pages.
LEVEL_WORDS = {Level.OWNER: "负责人", Level.EDITOR: "经办人", Level.SIGNATORY: "签字人", Level.READER: "查看人"}


def vouch(session: Session, membership: Membership, *, level: Level, actor: Actor, now: datetime) -> Membership:
    """Let somebody who asked to join act for the unit; an owner's word stands for the officer's look at papers.

    Raises ForbiddenError: not a verified owner of the unit, or decided already.
    """
    own = _open(session, membership, actor)
    policies.may_answer_request(own, membership).require()
    take_in(membership, level, by=own, now=now)
    detail = {"level": str(level)}
    audit.record(session, actor, "membership.vouched", ("membership", membership.id), at=now, detail=detail)
    _tell(session, membership, "membership.accepted", now=now, level=LEVEL_WORDS[level])
    return membership


def take_in(membership: Membership, level: Level, *, by: Membership, now: datetime) -> None:
    """Make a membership a verified one on an owner's word."""
    membership.state = MEMBERSHIP.next(membership.state, "vouch")
    membership.level, membership.vouched_by, membership.may_draft = level, by.person_id, False
    membership.decided_by, membership.decided_at, membership.reason = by.person_id, now, ""


def decline(session: Session, membership: Membership, *, reason: str, actor: Actor, now: datetime) -> Membership:
    """Refuse somebody who asked to join, with a reason; other papers bring them before an officer again.

    Raises:
        ForbiddenError: not a verified owner of the unit, or decided already.
        InvalidError: ``decline_without_reason``.
    """
    own = _open(session, membership, actor)
    policies.may_answer_request(own, membership).require()
    if not reason.strip():
        raise InvalidError("decline_without_reason")
    membership.state = MEMBERSHIP.next(membership.state, "refuse")
    membership.decided_by, membership.decided_at, membership.reason = own.person_id, now, reason.strip()
    detail = {"reason": membership.reason}
    audit.record(session, actor, "membership.declined", ("membership", membership.id), at=now, detail=detail)
    _tell(session, membership, "membership.declined", now=now)
    return membership


def change_level(session: Session, membership: Membership, *, level: Level, actor: Actor, now: datetime) -> Membership:
    """Let a member do more or less from their next request on; an owner remains, since nobody changes themselves.

    Raises ForbiddenError: not a verified owner of the unit, oneself, or no verified member.
    """
    policies.may_change_member(_open(session, membership, actor), membership).require()
    if membership.level is level:
        return membership
    detail = {"from": str(membership.level), "to": str(level)}
    membership.level = level
    audit.record(session, actor, "membership.level_changed", ("membership", membership.id), at=now, detail=detail)
    _tell(session, membership, "membership.level_changed", now=now, level=LEVEL_WORDS[level], by=actor.name)
    return membership


def hand_over(session: Session, membership: Membership, *, actor: Actor, now: datetime) -> Membership:
    """Make a colleague owner in one's own place; oneself an editor.

    Raises ForbiddenError: not a verified owner of the unit, oneself, no verified member, or one whose account was
        closed (``member_disabled``): the unit would be left to nobody.
    """
    own = _open(session, membership, actor)
    policies.may_change_member(own, membership).require()
    if membership.person.disabled_at is not None:
        raise ForbiddenError("member_disabled")
    membership.level, own.level = Level.OWNER, Level.EDITOR
    session.flush()
    organisation = membership.organisation
    detail = {"from": str(own.person_id), "to": str(membership.person_id)}
    audit.record(session, actor, "ownership.handed_over", ("organisation", organisation.id), at=now, detail=detail)
    key, new = f"handed_over:{membership.id}:{now.isoformat()}", membership.person.name
    tell_owners(session, organisation, "ownership.handed_over", key, now=now, former=actor.name, new=new)
    return membership


def end_membership(session: Session, membership: Membership, *, reason: str, actor: Actor, now: datetime) -> Membership:
    """Take the unit from a member, by one of its owners or an administrator; what they did stays. They are told why.

    Raises:
        ForbiddenError: neither a verified owner of the unit nor an administrator, oneself as owner, or ended already.
        InvalidError: ``end_without_reason``.
    """
    lock_organisation(session, membership.organisation_id)
    lock_membership(session, membership)
    if not policies.may_end_for_office(actor, membership):
        own = require_owner(session, membership.organisation_id, actor)
        policies.may_change_member(own, membership).require()
    if not reason.strip():
        raise InvalidError("end_without_reason")
    _end(session, membership, reason=reason.strip(), actor=actor, now=now)
    _tell(session, membership, "membership.ended", now=now)
    return membership


def leave(session: Session, membership: Membership, *, actor: Actor, now: datetime) -> Membership:
    """Act for a unit no longer, or take back the wish to; the owners are told where one was verified.

    Raises ForbiddenError: not one's own, ended already, or the unit's only owner (``last_owner``).
    """
    organisation = lock_organisation(session, membership.organisation_id)
    lock_membership(session, membership)
    others = count_other_owners(session, membership)
    policies.may_leave(actor, membership, other_owners=others).require()
    _end(session, membership, reason="", actor=actor, now=now)
    key = f"left:{membership.id}:{now.isoformat()}"
    tell_owners(session, organisation, "membership.left", key, now=now, person=membership.person.name)
    return membership


def _open(session: Session, membership: Membership, actor: Actor) -> Membership:
    lock_organisation(session, membership.organisation_id)
    lock_membership(session, membership)
    return require_owner(session, membership.organisation_id, actor)


def _end(session: Session, membership: Membership, *, reason: str, actor: Actor, now: datetime) -> None:
    membership.state = MEMBERSHIP.next(membership.state, "end")
    membership.may_draft, membership.reason = False, reason
    membership.decided_by, membership.decided_at = actor.person_id, now
    session.flush()
    detail = {"organisation": membership.organisation.uscc, "reason": reason}
    audit.record(session, actor, "membership.ended", ("membership", membership.id), at=now, detail=detail)


def _tell(session: Session, membership: Membership, kind: str, *, now: datetime, **facts: str) -> None:
    tell_member(session, membership, kind, f"{kind}:{membership.id}:{now.isoformat()}", now=now, **facts)
