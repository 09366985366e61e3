"""Forgotten passwords: ``password.forgotten`` -> a mail with a link, where the address is somebody's."""

from uuid import UUID

from grants.accounts import services
from grants.kernel.clock import real_now
from workers.base import finishing, outbox_task


@outbox_task("accounts.send_reset_link")
def send_reset_link(*, message_id: str, reset_id: str) -> None:
    """Look whether anybody has the address; a second message for the request finds the link sent."""
    with finishing(message_id) as session:
        services.send_reset_link(session, UUID(reset_id), now=real_now())
