"""What a recorded run leaves behind of its comparison: the sketch, and another check of those who came too early."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.applications.models import Application, Revision
from grants.applications.states import ApplicationState
from grants.eligibility.services.similarity.comparing import Comparison
from grants.eligibility.services.similarity.storing import Sketch, store_sketches

UNDECIDED = (ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW)


def keep_comparison(
    session: Session,
    application: Application,
    comparison: Comparison,
    revision_id: UUID,
    later_alike: Collection[UUID],
    *,
    now: datetime,
) -> None:
    """Keep the sketch of a checked revision. The caller holds the application's lock.

    Where it is new, has those checked again that are much like it and were submitted later but checked before: nobody
    could find this text then. Publishes ``application.recheck_asked`` for each; what has been decided stays decided.
    """
    programme_id = application.call.definition.programme_id
    sketch = Sketch(application.id, revision_id, programme_id, comparison.text, comparison.bands)
    if not store_sketches(session, [sketch], now=now) or not later_alike:
        return
    query = (
        select(Revision.id)
        .join(Application, Application.id == Revision.application_id)
        .where(Revision.id.in_(later_alike), Application.state.in_(UNDECIDED))
        .where(Revision.number == Application.revision_no)
    )
    for later_id in session.scalars(query.order_by(Revision.id)):
        outbox.publish_anew(session, "application.recheck_asked", {"revision_id": str(later_id)})
