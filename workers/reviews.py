"""Tasks of the review."""

from uuid import UUID

from grants.kernel.actor import SYSTEM
from grants.kernel.clock import utc_now
from grants.reviews import services
from grants.reviews.models import Panel
from workers.base import finishing, outbox_task


@outbox_task("reviews.complete_panel")
def complete_panel(*, message_id: str, panel_id: str) -> None:
    """Aggregate the sheets of a finished panel; a second delivery finds the result and only marks the message done."""
    with finishing(message_id) as session:
        services.complete_review(session, session.get_one(Panel, UUID(panel_id)), actor=SYSTEM, now=utc_now())
