"""A definition's draft and what it would change: asked for when it is proposed, there before it is published."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grants.eligibility.models import ImpactPreview
from grants.eligibility.policies import may_publish_after
from grants.eligibility.queries import impacts as queries
from grants.eligibility.services.impacts import ask_impact, compiled
from grants.kernel.actor import Actor
from grants.programmes import services as programmes
from grants.programmes.errors import DefinitionFaultsError
from grants.programmes.models import DefinitionDraft
from grants.programmes.states import DraftState


def ask_for_draft(session: Session, draft_id: UUID, *, actor: Actor, now: datetime) -> ImpactPreview | None:
    """Have worked out what a proposed draft would change, unless that has been asked for exactly this content; None
    where the draft is not proposed any more."""
    draft = session.get_one(DefinitionDraft, draft_id)
    if draft.state is not DraftState.PROPOSED:
        return None
    known = find_preview_of_content(session, draft.programme_id, draft.content)
    if known is not None:
        return known
    return ask_impact(session, draft.programme, draft.content, parameters={}, actor=actor, now=now)


def find_preview_of_content(session: Session, programme_id: UUID, content: str) -> ImpactPreview | None:
    """The latest preview of a text over all cases of the programme; None also where the text is faulty."""
    try:
        definition = compiled(content)
    except DefinitionFaultsError:
        return None
    return queries.find_preview_of(session, programme_id, definition.fingerprint)


def decide_draft(
    session: Session, draft: DefinitionDraft, *, approved: bool, note: str, seen: str, actor: Actor, now: datetime
) -> DefinitionDraft:
    """The second person's word on a draft (``programmes.services.decide_draft``, which see), never before its impact
    has been worked out.

    Raises:
        ForbiddenError: ``impact_not_ready``; as that service.
    """
    if approved:
        preview = find_preview_of_content(session, draft.programme_id, draft.content)
        may_publish_after(preview).require()
    return programmes.decide_draft(session, draft, approved=approved, note=note, seen=seen, actor=actor, now=now)
