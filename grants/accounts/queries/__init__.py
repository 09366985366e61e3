"""Reading people, organisations, memberships and sessions."""

from grants.accounts.queries.memberships import (
    VERIFIERS,
    count_by_state,
    get_membership,
    get_proof,
    is_verified_member,
    list_fellow_members,
    list_memberships_of,
    list_queue,
)
from grants.accounts.queries.people import (
    find_organisation,
    find_person_by_email,
    get_person,
    get_role_grant,
    list_failures_of_email,
    list_failures_of_source,
    list_people,
    members_to_tell,
    recipients,
    staff_to_tell,
)
from grants.accounts.queries.sessions import SignedIn, actor_of, find_signed_in, session_key, signed_in

__all__ = [
    "VERIFIERS",
    "SignedIn",
    "actor_of",
    "count_by_state",
    "find_organisation",
    "find_person_by_email",
    "find_signed_in",
    "get_membership",
    "get_person",
    "get_proof",
    "get_role_grant",
    "is_verified_member",
    "list_failures_of_email",
    "list_failures_of_source",
    "list_fellow_members",
    "list_memberships_of",
    "list_people",
    "list_queue",
    "members_to_tell",
    "recipients",
    "session_key",
    "signed_in",
    "staff_to_tell",
]
