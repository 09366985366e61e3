"""Who may load and publish definitions."""

from __future__ import annotations

from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.programmes.models import DefinitionVersion


def may_load(actor: Actor) -> Verdict:
    """Administrators, and the installation itself when it loads what ships."""
    return first_refusal((actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"))


def may_publish(actor: Actor, version: DefinitionVersion) -> Verdict:
    """As loading, and once: a published version stays published."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"),
        (version.published_at is None, "definition_published"),
    )
