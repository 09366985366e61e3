"""Publishing a draft by two persons: one stands by it, another lets it take effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants import outbox
from grants.accounts.queries import staff_to_tell
from grants.db import lock_one
from grants.kernel.actor import Actor, Role
from grants.kernel.errors import IllegalTransitionError, InvalidError
from grants.notifications import notify
from grants.programmes import policies, queries
from grants.programmes.domain import Definition, parse_definition
from grants.programmes.domain.comparing import definitions_differ
from grants.programmes.models import DefinitionDraft
from grants.programmes.queries import definition_of
from grants.programmes.services.drafts import base_of, fingerprint_of, lock_draft, person_of, record
from grants.programmes.services.loading import keep_version, publish_definition
from grants.programmes.states import DEFINITION_DRAFT

MAX_WORDS = 2_000


def propose_draft(
    session: Session, draft: DefinitionDraft, *, summary: str, actor: Actor, now: datetime
) -> DefinitionDraft:
    """Ask a second administrator to publish the draft, with a word on why.

    Effects, in order: the version published last becomes its base, ``drafting -> proposed``, records
    ``definition_draft.proposed``, publishes ``definition.proposed``: what it would change is worked out; tells the
    other administrators.

    Raises:
        ForbiddenError: the actor may not, or it is proposed already.
        DefinitionFaultsError: the text is faulty.
        InvalidError: ``draft_without_reason``; ``draft_of_another`` programme; ``definition_version_taken``;
            ``draft_without_difference``.
    """
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    if not summary.strip() or len(summary) > MAX_WORDS:
        raise InvalidError("draft_without_reason")
    definition = parse_definition(draft.content)
    base = base_of(session, draft)
    _require_publishable(session, draft, definition)
    if not definitions_differ(definition_of(base), definition):
        raise InvalidError("draft_without_difference", version=base.version)
    draft.state = DEFINITION_DRAFT.next(draft.state, "propose")
    draft.base, draft.summary = base, summary.strip()
    draft.proposed_by, draft.proposed_at = person_of(actor), now
    draft.decided_by = draft.decided_at = None
    draft.note = ""
    session.flush()
    record(session, draft, "definition_draft.proposed", actor=actor, now=now, summary=draft.summary)
    outbox.publish(session, "definition.proposed", {"draft_id": str(draft.id)})
    _tell_the_others(session, draft, definition, now=now)
    return draft


def take_back_draft(session: Session, draft: DefinitionDraft, *, actor: Actor, now: datetime) -> DefinitionDraft:
    """Go on writing before anybody has decided. Records ``definition_draft.taken_back``."""
    lock_draft(session, draft)
    policies.may_take_back_draft(actor, draft).require()
    draft.state = DEFINITION_DRAFT.next(draft.state, "take_back")
    session.flush()
    record(session, draft, "definition_draft.taken_back", actor=actor, now=now)
    return draft


def decide_draft(
    session: Session, draft: DefinitionDraft, *, approved: bool, note: str, seen: str, actor: Actor, now: datetime
) -> DefinitionDraft:
    """Publish the draft as a new version for good, or send it back with a reason.

    ``seen``: fingerprint of the text that the second person was shown.

    Effects, in order: on approval keeps the version, loaded by who proposed it, and publishes it; moves the draft;
    records ``definition_draft.approved`` or ``.refused``.

    Raises:
        ForbiddenError: the actor may not, or proposed it.
        InvalidError: ``draft_without_reason``, a refusal without a note; as ``propose_draft``.
        IllegalTransitionError: it is not the text that was shown, or another version was published meanwhile.
    """
    lock_one(session, f"programme:{draft.programme.code}")
    lock_draft(session, draft)
    policies.may_decide_draft(actor, draft).require()
    if (not approved and not note.strip()) or len(note) > MAX_WORDS:
        raise InvalidError("draft_without_reason")
    person = person_of(actor)
    if approved:
        _require_as_shown(session, draft, seen)
        definition = parse_definition(draft.content)
        _require_publishable(session, draft, definition)
        version = keep_version(session, definition, loaded_by=draft.proposed_by, actor=actor, now=now)
        publish_definition(session, version, actor=actor, now=now)
        draft.published_id = version.id
    draft.state = DEFINITION_DRAFT.next(draft.state, "approve" if approved else "refuse")
    draft.decided_by, draft.decided_at, draft.note = person, now, note.strip()
    session.flush()
    kind = "definition_draft.approved" if approved else "definition_draft.refused"
    record(session, draft, kind, actor=actor, now=now, note=draft.note)
    return draft


def _tell_the_others(session: Session, draft: DefinitionDraft, definition: Definition, *, now: datetime) -> None:
    administrators = staff_to_tell(session, Role.ADMINISTRATOR)
    proposer = next((person.name for person in administrators if person.person_id == draft.proposed_by), "")
    notify(
        session,
        event_key=f"definition.proposed:{draft.id}:{draft.revision}:{now.isoformat()}",
        kind="definition.proposed",
        recipients=[person for person in administrators if person.person_id != draft.proposed_by],
        facts={
            "name": definition.title,
            "ref": definition.code,
            "version": definition.version,
            "by": proposer,
            "reason": draft.summary,
        },
        path=f"/staff/programmes/{definition.code}/draft",
        now=now,
    )


def _require_publishable(session: Session, draft: DefinitionDraft, definition: Definition) -> None:
    if definition.code != draft.programme.code:
        raise InvalidError("draft_of_another", programme=definition.code)
    if queries.find_version(session, definition.code, definition.version) is not None:
        raise InvalidError("definition_version_taken", programme=definition.code, version=definition.version)


def _require_as_shown(session: Session, draft: DefinitionDraft, seen: str) -> None:
    if fingerprint_of(draft.content) != seen or base_of(session, draft).id != draft.base_id:
        raise IllegalTransitionError(draft=str(draft.id), event="approve")
