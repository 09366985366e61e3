"""What may be done to accounts; every function runs in the caller's transaction and commits nothing."""

from grants.accounts.services.deciding import decide_membership
from grants.accounts.services.forgotten import ask_for_reset, owner_of_link, reset_password, send_reset_link
from grants.accounts.services.invitations import accept_as_new_person, accept_invitation, invite, withdraw_invitation
from grants.accounts.services.members import change_level, decline, end_membership, hand_over, leave, vouch
from grants.accounts.services.memberships import (
    Registration,
    register_enterprise,
    request_membership,
    resubmit_proof,
)
from grants.accounts.services.passwords import check_password, hash_password, use_cheap_parameters
from grants.accounts.services.people import add_person, create_person
from grants.accounts.services.roles import grant_role, revoke_role
from grants.accounts.services.sessions import (
    SESSIONS_KEPT,
    begin_session,
    change_password,
    end_session,
    end_sessions,
    note_seen,
    sign_out,
)
from grants.accounts.services.signing_in import (
    Attempt,
    admit,
    confirm,
    open_attempt,
    require_strong_password,
    withdraw_attempt,
)
from grants.accounts.services.tokens import hash_of

__all__ = [
    "SESSIONS_KEPT",
    "Attempt",
    "Registration",
    "accept_as_new_person",
    "accept_invitation",
    "add_person",
    "admit",
    "ask_for_reset",
    "begin_session",
    "change_level",
    "change_password",
    "check_password",
    "confirm",
    "create_person",
    "decide_membership",
    "decline",
    "end_membership",
    "end_session",
    "end_sessions",
    "grant_role",
    "hand_over",
    "hash_of",
    "hash_password",
    "invite",
    "leave",
    "note_seen",
    "open_attempt",
    "owner_of_link",
    "register_enterprise",
    "request_membership",
    "require_strong_password",
    "reset_password",
    "resubmit_proof",
    "revoke_role",
    "send_reset_link",
    "sign_out",
    "use_cheap_parameters",
    "vouch",
    "withdraw_attempt",
    "withdraw_invitation",
]
