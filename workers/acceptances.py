"""Accepting the cases of a confirmed list, one message each: one that fails does not hold up the others."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from grants.eligibility import services
from grants.kernel.clock import utc_now
from workers.base import finishing, outbox_task


def leave_out(session: Session, payload: Mapping[str, str], error: str) -> None:
    """What could not be accepted is named on the list, which so comes to its end."""
    services.give_up_item(session, UUID(payload["list_id"]), UUID(payload["application_id"]), now=utc_now())


@outbox_task("eligibility.accept_item", final_failure=leave_out)
def accept_item(*, message_id: str, list_id: str, application_id: str) -> None:
    """Accept one case, or leave it out with the reason; a second delivery finds it settled."""
    with finishing(message_id) as session:
        services.accept_item(session, UUID(list_id), UUID(application_id), now=utc_now())
