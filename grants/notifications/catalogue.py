"""What people are told about. Every kind has a template ``templates/mail/<kind with _ for .>.txt``.

Every kind has the facts ``name`` (title of the call or programme, or name of the unit) and ``ref`` (its number); the
others named here are used where given. All facts are text ready to be read.
"""

from __future__ import annotations

from collections.abc import Mapping

REQUIRED_FACTS = ("name", "ref")

CATALOGUE: dict[str, tuple[str, ...]] = {
    "account.registered": (),
    "account.already_registered": (),
    "membership.verified": (),
    "membership.refused": ("reason",),
    "application.submitted": ("title", "submitted_at"),
    "check.finished": ("title", "outcome"),
    "application.returned": ("title", "reason", "due_on"),
    "application.accepted": ("title",),
    "application.rejected": ("title", "reason", "clause"),
    "review.assigned": ("title", "due_on"),
    "decision.made": ("title", "outcome", "amount"),
    "notice.published": ("starts_on", "ends_on"),
    "award_list.released": (),
    "objection.decided": ("outcome", "reason"),
}


def require_known(kind: str, facts: Mapping[str, str]) -> None:
    """Raises KeyError for a kind that is not in the catalogue, ValueError where a required fact is missing."""
    if kind not in CATALOGUE:
        raise KeyError(kind)
    missing = [name for name in REQUIRED_FACTS if name not in facts]
    if missing:
        raise ValueError(f"{kind} lacks the facts {missing}")
