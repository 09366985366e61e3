"""Drafts of definitions and previews of what they would change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.eligibility.models import ImpactPreview
from grants.eligibility.queries import impacts as queries
from grants.eligibility.services import impacts
from grants.kernel.actor import Role
from grants.programmes import services
from grants.programmes.domain.editing import edit_item, part_text
from grants.programmes.models import DefinitionDraft
from tests.factories.accounts import actor_of, make_staff
from tests.factories.calls import NOON
from tests.factories.programmes import make_version

PARAMETER = {"sbc": ("min_sales", "600000"), "hlw": ("pass_mark", "61")}


def make_definition_draft(
    session: Session,
    code: str = "sbc",
    *,
    by: Person | None = None,
    changed: bool = True,
    proposed: bool = False,
    now: datetime = NOON,
) -> DefinitionDraft:
    """A draft of a programme's next version, one default raised; written, and where asked proposed, by one person."""
    actor = actor_of(session, by or make_staff(session, Role.ADMINISTRATOR))
    draft = services.start_draft(session, make_version(session, code).programme, actor=actor, now=now)
    if changed or proposed:
        key, value = PARAMETER[code]
        content = edit_item(draft.content, "parameters", key, {"default": value}, order=())
        seen = services.fingerprint_of(part_text(draft.content, "parameters"))
        text = part_text(content, "parameters")
        services.save_part(session, draft, "parameters", text, seen=seen, actor=actor, now=now)
    if proposed:
        services.propose_draft(session, draft, summary="提高一项默认值。", actor=actor, now=now)
    return draft


def make_preview(session: Session, draft: DefinitionDraft, *, now: datetime = NOON) -> ImpactPreview:
    """A preview of the draft that was asked for and is not worked out yet."""
    actor = actor_of(session, make_staff(session, Role.ADMINISTRATOR))
    return impacts.ask_impact(session, draft.programme, draft.content, parameters={}, actor=actor, now=now)


def judge_impact(session: Session, draft: DefinitionDraft, *, now: datetime = NOON) -> ImpactPreview:
    """A preview of the draft, worked out as the workers do it."""
    preview = make_preview(session, draft, now=now)
    impacts.cut_into_chunks(session, preview.id, now=now)
    definition = impacts.compiled(draft.content)
    for number in range(1, queries.count_chunks_left(session, preview.id) + 1):
        read = impacts.read_chunk(session, preview.id, number)
        assert read is not None
        former = impacts.definitions_of(session, read[1])
        found = list(impacts.judge_cases(definition, read[1], former, preview.parameters))
        impacts.record_chunk(session, preview.id, number, found, now=now)
    return preview
