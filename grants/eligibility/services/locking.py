"""The one lock that whatever moves an application takes first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.models import Application


def lock_application(session: Session, application_id: UUID) -> Application:
    """The application, fresh, its row locked until the transaction ends: the order of whatever moves it."""
    query = (
        select(Application)
        .where(Application.id == application_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()
