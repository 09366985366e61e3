"""Bringing back an application whose rejection has been taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from grants.applications.models import Application, Revision
from grants.applications.queries import case_json, current_revision
from grants.applications.services.advancing import advance
from grants.applications.services.claiming import claim_uses
from grants.kernel.actor import Actor
from grants.programmes.domain import case_from_json, claims_of
from grants.programmes.queries import definition_of


def reinstate_application(
    session: Session,
    application: Application,
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, object],
) -> Revision:
    """Undo a rejection: the revision in force waits for its check again. Returns that revision.

    Effects, in order: locks the application, moves it ``rejected -> submitted``, audits, takes again what its revision
    claims. What others have claimed meanwhile comes before it (docs/decisions/0038); the check will say so. Receipt
    number and first instant stay.

    Raises:
        IllegalTransitionError: it is not rejected any more.
    """
    advance(session, application, "take_back", actor=actor, now=now, detail=detail)
    revision = current_revision(session, application)
    definition = definition_of(application.call.definition)
    claims = claims_of(definition, case_from_json(definition, case_json(revision)))
    claim_uses(session, application, claims, now=now)
    session.flush()
    return revision
