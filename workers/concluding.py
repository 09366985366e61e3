"""Calls whose result is final: ``call.concluded`` -> who was not funded lets go of what may be used once only."""

from uuid import UUID

from grants.applications import services
from grants.kernel.clock import utc_now
from workers.base import finishing, outbox_task


@outbox_task("applications.let_go_uses")
def let_go_uses(*, message_id: str, call_id: str) -> None:
    """Let a batch of applications go of what they used; more of them are another message."""
    with finishing(message_id) as session:
        services.let_go_uses(session, UUID(call_id), now=utc_now())
