"""Telling the members of an applicant what has become of their application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from grants.accounts.queries import members_to_tell
from grants.applications.models import Application
from grants.notifications import notify


def tell_enterprise(
    session: Session, application: Application, kind: str, *, key: str, facts: Mapping[str, str], now: datetime
) -> None:
    """Tell every member of the applicant once per ``key``; the message leads to the application's status page."""
    notify(
        session,
        event_key=f"{kind}:{key}",
        kind=kind,
        recipients=members_to_tell(session, application.organisation_id),
        facts={
            "name": application.call.title,
            "ref": application.ref or "",
            "title": application.title,
            **facts,
        },
        path=f"/apply/{application.id}/",
        now=now,
    )
