"""Errors of the process. They carry a stable code and JSON-safe facts; the words live in
``templates/errors/codes.html``."""

from __future__ import annotations


class DomainError(Exception):
    """A rule of the process was not met. ``code`` is stable and public; ``facts`` are JSON-safe."""

    code = "domain_error"
    status = "conflict"  # the edge maps: conflict 409, forbidden 403, missing 404, invalid 422

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.code} {facts}")
        self.facts = facts


class NotFoundError(DomainError):
    """No such record, or none that this actor may know of: the two are not told apart."""

    code = "not_found"
    status = "missing"


class ForbiddenError(DomainError):
    """The actor may not do this, here and now; ``code`` is the verdict's reason."""

    status = "forbidden"

    def __init__(self, reason: str, **facts: object) -> None:
        self.code = reason
        super().__init__(**facts)


class InvalidError(DomainError):
    """What was given cannot be taken; ``code`` says which rule of form it breaks."""

    status = "invalid"

    def __init__(self, code: str = "invalid", **facts: object) -> None:
        self.code = code
        super().__init__(**facts)


class IllegalTransitionError(DomainError):
    """The state does not allow this event; usually somebody else was quicker."""

    code = "state_changed"
