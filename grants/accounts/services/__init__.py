"""What may be done to accounts; every function runs in the caller's transaction and commits nothing."""

from grants.accounts.services.memberships import (
    Registration,
    decide_membership,
    register_enterprise,
    request_membership,
    resubmit_proof,
)
from grants.accounts.services.passwords import check_password, hash_password, use_cheap_parameters
from grants.accounts.services.people import add_person, create_person
from grants.accounts.services.roles import grant_role, revoke_role
from grants.accounts.services.signing_in import (
    Attempt,
    admit,
    change_password,
    confirm,
    end_sessions,
    open_attempt,
    require_strong_password,
    withdraw_attempt,
)

__all__ = [
    "Attempt",
    "Registration",
    "add_person",
    "admit",
    "change_password",
    "check_password",
    "confirm",
    "create_person",
    "decide_membership",
    "end_sessions",
    "grant_role",
    "hash_password",
    "open_attempt",
    "register_enterprise",
    "request_membership",
    "require_strong_password",
    "resubmit_proof",
    "revoke_role",
    "use_cheap_parameters",
    "withdraw_attempt",
]
