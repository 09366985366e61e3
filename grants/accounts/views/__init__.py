"""Pages of accounts: sign-in, registration, one's unit, inbox, and the office's queue of memberships and list of
people."""

from grants.accounts.views import (
    inbox,
    invitations,
    mail_choices,
    members,
    memberships,
    passwords,
    people,
    registration,
    sessions,
)
from grants.accounts.views.blueprint import bp

__all__ = [
    "bp",
    "inbox",
    "invitations",
    "mail_choices",
    "members",
    "memberships",
    "passwords",
    "people",
    "registration",
    "sessions",
]
