"""People, organisations, memberships, invitations, grants of roles, sessions, attempts to sign in."""

from grants.accounts.models.organisations import Invitation, Membership, Organisation
from grants.accounts.models.people import Person, RoleGrant
from grants.accounts.models.signing_in import PasswordReset, PersonSession, SignInAttempt

__all__ = [
    "Invitation",
    "Membership",
    "Organisation",
    "PasswordReset",
    "Person",
    "PersonSession",
    "RoleGrant",
    "SignInAttempt",
]
