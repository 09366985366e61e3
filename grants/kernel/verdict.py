"""What a policy answers: allowed, or refused with a reason code that the user is shown."""

from __future__ import annotations

from dataclasses import dataclass

from grants.kernel.errors import ForbiddenError


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer of a ``may_<verb>`` policy. ``reason`` is a code such as ``call_closed``, never prose."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise ForbiddenError with the reason unless allowed."""
        if not self.allowed:
            raise ForbiddenError(self.reason)


ALLOWED = Verdict(True)


def refused(reason: str) -> Verdict:
    """A refusal with its reason code."""
    return Verdict(False, reason)


def first_refusal(*conditions: tuple[bool, str]) -> Verdict:
    """The first condition that does not hold, as a refusal; allowed when all hold."""
    return next((refused(reason) for holds, reason in conditions if not holds), ALLOWED)
