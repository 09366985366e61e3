"""Who may do what to accounts."""

from __future__ import annotations

from grants.accounts.domain import may_belong_to_enterprise, role_conflict
from grants.accounts.models import Membership, Person
from grants.accounts.states import MEMBERSHIP, Level, MembershipState
from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal

ASKING_STATES = frozenset({MembershipState.UNVERIFIED, MembershipState.VERIFIED})


def may_decide_membership(actor: Actor, membership: Membership) -> Verdict:
    """Officers and administrators, never about themselves, and only what is still open."""
    return first_refusal(
        (actor.has(Role.OFFICER, Role.ADMINISTRATOR), "role_missing"),
        (membership.person_id != actor.person_id, "own_membership"),
        (MEMBERSHIP.allows(membership.state, "verify"), "membership_decided"),
    )


def may_manage_members(own: Membership | None) -> Verdict:
    """A verified owner of the unit; ``own`` is the actor's membership there, None for a stranger."""
    return first_refusal(
        (own is not None and own.state is MembershipState.VERIFIED, "membership_unverified"),
        (own is not None and own.level is Level.OWNER, "level_cannot_manage"),
    )


def may_change_member(own: Membership | None, membership: Membership) -> Verdict:
    """Another level, or the end, for a colleague: by an owner, never for oneself."""
    return first_refusal(
        *_owner_of_other(own, membership), (membership.state is MembershipState.VERIFIED, "member_not_verified")
    )


def may_answer_request(own: Membership | None, membership: Membership) -> Verdict:
    """Vouch for somebody who has asked to join, or decline: by an owner, while nobody has decided."""
    return first_refusal(
        *_owner_of_other(own, membership),
        (membership.state is MembershipState.UNVERIFIED, "membership_decided"),
    )


def may_leave(actor: Actor, membership: Membership, *, other_owners: int) -> Verdict:
    """One's own membership or request; the only owner hands the unit over first."""
    is_last = membership.state is MembershipState.VERIFIED and membership.level is Level.OWNER and not other_owners
    return first_refusal(
        (membership.person_id == actor.person_id, "role_missing"),
        (MEMBERSHIP.allows(membership.state, "end"), "membership_ended"),
        (not is_last, "last_owner"),
    )


def may_end_for_office(actor: Actor, membership: Membership) -> Verdict:
    """Administrators, whoever it is: also the last owner of a unit, whose next member the office verifies again."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (MEMBERSHIP.allows(membership.state, "end"), "membership_ended"),
    )


def _owner_of_other(own: Membership | None, membership: Membership) -> tuple[tuple[bool, str], ...]:
    manages = may_manage_members(own)
    here = own is not None and own.organisation_id == membership.organisation_id
    mine = own is not None and own.id == membership.id
    return (bool(manages), manages.reason), (here, "role_missing"), (not mine, "own_membership_change")


def may_resubmit_proof(actor: Actor, membership: Membership) -> Verdict:
    """The person concerned, after a refusal or an end, unless they have gone over to the office meanwhile."""
    roles = [grant.role for grant in actor.grants]
    return first_refusal(
        (membership.person_id == actor.person_id, "role_missing"),
        (MEMBERSHIP.allows(membership.state, "resubmit"), "membership_not_refused"),
        (may_belong_to_enterprise(roles), "enterprise_excludes_role"),
    )


def may_request_membership(actor: Actor) -> Verdict:
    """Anybody signed in who holds no role on the office's side (decision 10)."""
    roles = [grant.role for grant in actor.grants]
    return first_refusal(
        (actor.person_id is not None, "signed_out"),
        (may_belong_to_enterprise(roles), "enterprise_excludes_role"),
    )


def may_manage_roles(actor: Actor, person: Person) -> Verdict:
    """Administrators and the command line; nobody changes what they themselves may do."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"),
        (person.id != actor.person_id, "own_roles"),
    )


def role_conflict_of(person: Person, role: Role) -> str:
    """The code of what excludes ``role`` for this person; empty when nothing does. Refused and ended memberships do
    not count."""
    is_member = any(membership.state in ASKING_STATES for membership in person.memberships)
    return role_conflict({grant.role for grant in person.role_grants}, role, is_member=is_member)
