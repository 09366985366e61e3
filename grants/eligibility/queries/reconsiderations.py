"""What was said against a rejection, and whether anything can still come of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.eligibility.models import FormalDecision, Reconsideration

PUBLIC = (ApplicationState.ON_NOTICE, ApplicationState.AWARDED)


def find_reconsideration(session: Session, decision: FormalDecision | None) -> Reconsideration | None:
    """What the applicant has said against this decision, and the answer."""
    return None if decision is None else session.get(Reconsideration, decision.id)


def is_round_public(session: Session, call_id: UUID) -> bool:
    """Whether a case of the call stands in its public notice or list: from then on nothing new can be ranked with
    the others (``decisions.policies.may_prepare``)."""
    public = select(Application.id).where(Application.call_id == call_id, Application.state.in_(PUBLIC))
    return session.scalars(public.limit(1)).one_or_none() is not None
