"""Errors of accounts; presenters.py has the sentence for each code."""

from __future__ import annotations

from grants.kernel.errors import DomainError


class SignInRefusedError(DomainError):
    """E-mail and password do not belong together; ``left`` further attempts remain before the lock-out."""

    code = "credentials_wrong"
    status = "invalid"


class LockedOutError(DomainError):
    """Too many failures for this e-mail or from this source; ``until`` is the instant when to try again, ISO 8601."""

    code = "locked_out"
    status = "forbidden"


class HashingBusyError(DomainError):
    """Too many passwords are being checked at this moment; nothing was counted."""

    code = "sign_in_busy"


class AskedTooOftenError(DomainError):
    """Too many links for new passwords were asked for, for one address or from one source."""

    code = "forgotten_too_often"
    status = "forbidden"


class ResetLinkError(DomainError):
    """A link for a new password that nobody sent, or that is used, replaced or over."""

    code = "reset_link_over"
    status = "missing"


class PasswordTooWeakError(DomainError):
    """``faults`` holds the codes of the rules it breaks."""

    code = "password_weak"
    status = "invalid"


class RoleConflictError(DomainError):
    """The person holds something that excludes the wanted role (decision 10); ``code`` names which."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()
