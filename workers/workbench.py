"""What a changed definition would change: cut into chunks, judged in the bulk lane without a transaction."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from grants.db import reading
from grants.eligibility.services import drafts, impacts
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import utc_now
from workers.base import finishing, outbox_task


def mark_preview_failed(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The end of a preview that cannot be worked out: its page says so."""
    impacts.fail_preview(session, UUID(payload["preview_id"]), error)


@outbox_task("workbench.preview_draft")
def preview_draft(*, message_id: str, draft_id: str) -> None:
    """Ask what a proposed draft would change, for the second person to see."""
    with finishing(message_id) as session:
        drafts.ask_for_draft(session, UUID(draft_id), actor=SYSTEM, now=utc_now())


@outbox_task("workbench.cut_impact", final_failure=mark_preview_failed)
def cut_impact(*, message_id: str, preview_id: str) -> None:
    """Count the cases and cut them into chunks."""
    with finishing(message_id) as session:
        impacts.cut_into_chunks(session, UUID(preview_id), now=utc_now())


@outbox_task("workbench.judge_chunk", final_failure=mark_preview_failed)
def judge_chunk(*, message_id: str, preview_id: str, number: str) -> None:
    """Read a chunk, judge it again, store what changes; done already, nothing happens."""
    with reading() as session:
        found = impacts.read_chunk(session, UUID(preview_id), int(number))
        former = impacts.definitions_of(session, found[1]) if found is not None else {}
    if found is None:
        return
    preview, cases = found
    definition = impacts.compiled(preview.content)
    changes = list(impacts.judge_cases(definition, cases, former, preview.parameters))
    with finishing(message_id) as session:
        impacts.record_chunk(session, preview.id, int(number), changes, now=utc_now())
