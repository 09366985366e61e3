"""Who may load and publish definitions, and write the next version."""

from __future__ import annotations

from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.programmes.models import DefinitionDraft, DefinitionVersion
from grants.programmes.states import DEFINITION_DRAFT, DraftState


def may_load(actor: Actor) -> Verdict:
    """Administrators, and the installation itself when it loads what ships."""
    return first_refusal((actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"))


def may_publish(actor: Actor, version: DefinitionVersion) -> Verdict:
    """As loading, and once: a published version stays published. What a person has loaded another one publishes."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR, Role.SYSTEM), "role_missing"),
        (version.published_at is None, "definition_published"),
        (version.loaded_by is None or version.loaded_by != actor.person_id, "definition_own_load"),
    )


def may_draft(actor: Actor) -> Verdict:
    """Begin the next version of a programme."""
    return first_refusal((actor.has(Role.ADMINISTRATOR), "role_missing"))


def may_edit_draft(actor: Actor, draft: DefinitionDraft) -> Verdict:
    """Any administrator, while nobody has been asked to decide."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (draft.state is not DraftState.PROPOSED, "draft_proposed"),
        (draft.state is DraftState.DRAFTING, "draft_closed"),
    )


def may_take_back_draft(actor: Actor, draft: DefinitionDraft) -> Verdict:
    """Any administrator: what is taken back can be proposed again, by whoever stands by it."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (DEFINITION_DRAFT.allows(draft.state, "take_back"), "draft_not_proposed"),
    )


def may_decide_draft(actor: Actor, draft: DefinitionDraft) -> Verdict:
    """Another administrator than the one who proposed it (0019)."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (DEFINITION_DRAFT.allows(draft.state, "approve"), "draft_not_proposed"),
        (draft.proposed_by != actor.person_id, "own_draft"),
    )
