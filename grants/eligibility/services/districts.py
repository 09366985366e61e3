"""The district's step (区级初审意见): its word, its deadline, and the way back to the city."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from grants import outbox
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.queries import lock_application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import working_calendar
from grants.eligibility import policies, queries
from grants.eligibility.errors import DecisionIncompleteError
from grants.eligibility.models import DistrictOpinion
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date, local_instant
from grants.kernel.errors import IllegalTransitionError, NotFoundError
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar

PASSED_ON = frozenset({ApplicationState.CHECKED, ApplicationState.RETURNED, ApplicationState.WITHDRAWN})
DISTRICT_DAYS = 9  # working days, unless the call says otherwise (domain.md, 4.1)


def district_due_on(call: Call, came_at: datetime, calendar: WorkingCalendar) -> date:
    """The last day of the district's step for a case that came at ``came_at``.

    The working days of the stage, counted from the day the case came or the close of the call, whichever is later:
    a district compares the cases of a call with each other.
    """
    start = max(local_date(came_at), local_date(call.closes_at))
    return calendar.add(start, call.stage_days.get(policies.DISTRICT_STAGE, DISTRICT_DAYS))


def give_opinion(
    session: Session,
    application: Application,
    *,
    recommended: bool,
    match_fen: int = 0,
    opinion: str,
    actor: Actor,
    now: datetime,
) -> DistrictOpinion:
    """Record the district's word and pass the case on to the city.

    Effects: locks the application; the opinion; ``pass_to_city`` with its audit entry; publishes
    ``application.passed_district``, on which the rules due at the city's stage run.

    ``match_fen``: what the district promises to add. Raises ForbiddenError; IllegalTransitionError where somebody else
    was quicker; DecisionIncompleteError where a district does not recommend and does not say why.
    """
    application = lock_application(session, application.id)
    if application.passed_to_district_at is not None and application.state in PASSED_ON:
        raise IllegalTransitionError(state=str(application.state), event="pass_to_city")
    policies.may_give_opinion(actor, application).require()
    if not recommended and not opinion.strip():
        raise DecisionIncompleteError("opinion_missing")
    revision_id = queries.find_revision_id(session, application)
    if revision_id is None or actor.person_id is None:
        raise NotFoundError(application=str(application.id))
    given = DistrictOpinion(
        application_id=application.id,
        revision_id=revision_id,
        district_code=application.district_code or "",
        recommended=recommended,
        match_fen=match_fen if recommended else 0,
        opinion=opinion.strip(),
        given_by=actor.person_id,
        given_at=now,
    )
    session.add(given)
    session.flush()
    detail = {"recommended": recommended, "match_fen": given.match_fen, "opinion": given.opinion}
    _pass_on(session, application, actor=actor, now=now, detail=detail)
    return given


def pass_overdue_districts(session: Session, *, actor: Actor, now: datetime, limit: int = 200) -> int:
    """Pass on to the city what a district has let lie beyond its deadline; returns how many. For a sweep."""
    calendar = working_calendar(session)
    calls = session.scalars(
        select(Call).join(Application, Application.call_id == Call.id).where(_at_district()).distinct()
    ).all()
    passed = 0
    for call in calls:
        for application_id in _list_overdue(session, call, calendar, now=now, limit=limit - passed):
            application = lock_application(session, application_id)
            if application.state is ApplicationState.DISTRICT_REVIEW:
                _pass_on(session, application, actor=actor, now=now, detail={"overdue": True})
                passed += 1
    return passed


def _at_district() -> ColumnElement[bool]:
    return Application.state == ApplicationState.DISTRICT_REVIEW


def _list_overdue(session: Session, call: Call, calendar: WorkingCalendar, *, now: datetime, limit: int) -> list[UUID]:
    """Applications of a call whose district's last day lies before today."""
    came_by = _latest_overdue(call, calendar, today=local_date(now))
    if came_by is None or limit <= 0:
        return []
    query = (
        select(Application.id)
        .where(Application.call_id == call.id, _at_district())
        .where(Application.state_since < local_instant(came_by + timedelta(days=1)))
        .order_by(Application.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def _latest_overdue(call: Call, calendar: WorkingCalendar, *, today: date) -> date | None:
    """The latest day of arrival whose deadline is over; None while none can be."""
    day = today - timedelta(days=1)
    closed_on = local_date(call.closes_at)
    while day >= closed_on:
        if _is_overdue(call, day, calendar, today=today):
            return day
        day -= timedelta(days=1)
    return None


def _is_overdue(call: Call, came_on: date, calendar: WorkingCalendar, *, today: date) -> bool:
    """Whether a case that came on this day is overdue; a last day beyond the known table has not passed yet.

    One call whose days nobody has entered must not hold up the others.
    """
    try:
        return district_due_on(call, local_instant(came_on), calendar) < today
    except UnknownWorkingDayError:
        return False


def _pass_on(
    session: Session, application: Application, *, actor: Actor, now: datetime, detail: dict[str, object]
) -> None:
    revision_id = queries.find_revision_id(session, application)
    applications.advance(session, application, "pass_to_city", actor=actor, now=now, detail=detail)
    outbox.publish(session, "application.passed_district", {"revision_id": str(revision_id)})
