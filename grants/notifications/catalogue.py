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
    "membership.invited": ("by", "level", "until"),
    "membership.requested": ("person",),
    "membership.accepted": ("level",),
    "membership.declined": ("reason",),
    "membership.joined": ("person", "level"),
    "membership.level_changed": ("level", "by"),
    "membership.ended": ("reason",),
    "membership.left": ("person",),
    "ownership.handed_over": ("former", "new"),
    "password.reset_requested": ("until",),
    "password.changed": ("at",),
    "outage.noticed": ("began_at", "ended_at"),
    "message.given_up": ("count", "at", "reason"),
    "extension.proposed": ("unit", "until_at", "reason"),
    "definition.proposed": ("version", "by", "reason"),
    "deadline.extended": ("until_at", "former_close_at", "reason"),
    "mail.digest": ("items",),
    "signature.requested": ("title", "by"),
    "draft.unfinished": ("title", "days", "close_at", "missing"),
    "application.submitted": ("title", "submitted_at"),
    "section.assigned": ("title", "section", "by"),
    "answer.commented": ("title", "field", "by"),
    "file.infected": ("title", "document", "file"),
    "file.infected_in_case": ("title", "document", "file"),
    "check.finished": ("title", "outcome"),
    "application.returned": ("title", "reason", "due_on", "items", "round"),
    "application.accepted": ("title",),
    "application.expired": ("title", "kept_until"),
    "application.rejected": ("title", "reason", "clause", "until", "accepted_on"),
    "revocation.proposed": ("title", "unit", "reason"),
    "reconsideration.received": ("title", "due_on"),
    "reconsideration.asked": ("title", "unit", "due_on"),
    "reconsideration.decided": ("title", "outcome", "reason"),
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
