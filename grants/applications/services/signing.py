"""Asking those who sign for the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.queries import signing_of
from grants.applications.models import Application
from grants.applications.policies import may_edit
from grants.applications.queries import open_correction
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import InvalidError
from grants.notifications import Recipient, notify


def ask_to_sign(session: Session, application: Application, *, actor: Actor, now: datetime) -> Sequence[Recipient]:
    """Tell the organisation's signatories that an application waits for them, each at most once a day.

    Records ``application.signature_asked``; returns who was asked.

    Raises:
        ForbiddenError: the actor may not edit the application now.
        InvalidError: ``no_signatory``, the organisation has named nobody: its owner submits.
    """
    may_edit(actor, application, now=now, correction=open_correction(session, application)).require()
    asked = signing_of(session, actor.person_id, application.organisation_id).signatories
    if not asked:
        raise InvalidError("no_signatory")
    people = [str(person.person_id) for person in asked]
    subject = ("application", application.id)
    audit.record(session, actor, "application.signature_asked", subject, at=now, detail={"people": people})
    notify(
        session,
        event_key=f"signature.requested:{application.id}:{application.revision_no}:{local_date(now)}",
        kind="signature.requested",
        recipients=asked,
        facts={
            "name": application.call.title,
            "ref": application.call.ref,
            "title": application.title,
            "by": actor.name,
        },
        path=f"/apply/{application.id}/submit",
        now=now,
    )
    return asked
