"""The office's word on who acts for a unit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts import policies
from grants.accounts.models import Membership
from grants.accounts.services.units import lock_membership, lock_organisation, tell_member
from grants.accounts.states import MEMBERSHIP, Level, MembershipState
from grants.kernel.actor import Actor
from grants.kernel.errors import InvalidError


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

    Effects, in order: locks organisation and membership, moves the latter, on approval sets the unit's name as it
    stands on the licence, makes its first verified member the owner and ends the drafting of others not yet verified;
    audit entry; notice to the person.

    Raises:
        ForbiddenError: not an officer or administrator, one's own membership, or decided already.
        InvalidError: ``reason_missing``: a refusal without a reason.
    """
    lock_organisation(session, membership.organisation_id)
    lock_membership(session, membership)
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
    tell_member(session, membership, kind, f"{kind}:{membership.id}:{now.isoformat()}", now=now)
    return membership


def _settle_organisation(session: Session, membership: Membership, *, name: str | None) -> None:
    if name is not None and name.strip():
        membership.organisation.name = name.strip()
    fellows = Membership.organisation_id == membership.organisation_id, Membership.id != membership.id
    others = select(Membership.id).where(
        *fellows, Membership.state == MembershipState.VERIFIED, Membership.level == Level.OWNER
    )
    if session.scalar(others.limit(1)) is None:
        membership.level = Level.OWNER
    session.execute(update(Membership).where(*fellows).values(may_draft=False))
