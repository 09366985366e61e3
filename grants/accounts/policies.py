"""Who may do what to accounts."""

from __future__ import annotations

from grants.accounts.domain import may_belong_to_enterprise, role_conflict
from grants.accounts.models import Membership, Person
from grants.accounts.states import MEMBERSHIP, MembershipState
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


def may_resubmit_proof(actor: Actor, membership: Membership) -> Verdict:
    """The person concerned, after a refusal, unless they have gone over to the office meanwhile."""
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
