"""Keeping the last day of each application's step, by which lists are sorted and what is overdue is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from grants.applications.domain.steps import NO_LAST_DAY, STAGE_OF, step_due_on
from grants.applications.models import Application
from grants.calls.models import Call
from grants.calls.queries import working_calendar
from grants.programmes.queries import definition_of

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A last day to be kept, for a case that is in its step since ``state_since``."""

    application_id: UUID
    state_since: datetime
    due_on: date


def last_day_of_step(session: Session, application: Application) -> date:
    """The last day of the step the application is in; asks for the calendar only where a day is laid down."""
    if application.state not in STAGE_OF:
        return NO_LAST_DAY
    return step_due_on(
        application.state,
        application.state_since,
        closes_at=application.call.closes_at,
        days=days_of_stages(application.call),
        calendar=working_calendar(session),
    )


def keep_last_day(session: Session, application: Application, due_on: date | None) -> None:
    """Keep the last day of what is to be done about an application whose state has none; None: nothing is to be done.

    The application is locked by the caller. The next change of state goes over it.
    """
    application.due_on = due_on or NO_LAST_DAY
    session.flush()


def days_of_stages(call: Call) -> Mapping[str, int]:
    """Working days by stage: the programme's, and where the call says otherwise the call's."""
    stages = definition_of(call.definition).stages
    return {**{stage.key: stage.days for stage in stages if stage.days is not None}, **call.stage_days}


def find_moved_last_days(session: Session, *, after: UUID | None = None) -> tuple[list[MovedDay], UUID | None]:
    """Of one batch of open cases, in order of their ids, those whose last day is not the one kept; for a sweep.

    Days move when an administrator enters working days or a call closes later. Returns with them the id to go on
    after, None when everything has been looked at. Three queries.
    """
    query = select(
        Application.id, Application.call_id, Application.state, Application.state_since, Application.due_on
    ).where(Application.state.in_(STAGE_OF), *([Application.id > after] if after else []))
    rows = session.execute(query.order_by(Application.id).limit(BATCH)).all()
    calls = session.scalars(select(Call).where(Call.id.in_({row.call_id for row in rows}))).all()
    plans = {call.id: (call.closes_at, days_of_stages(call)) for call in calls}
    calendar = working_calendar(session)
    moved = []
    for row in rows:
        closes_at, days = plans[row.call_id]
        due_on = step_due_on(row.state, row.state_since, closes_at=closes_at, days=days, calendar=calendar)
        if due_on != row.due_on:
            moved.append(MovedDay(row.id, row.state_since, due_on))
    return moved, rows[-1].id if len(rows) == BATCH else None


def move_last_days(session: Session, moved: Sequence[MovedDay]) -> None:
    """Keep the new last days, of those cases only that are still in the step they were found in."""
    table = Application.__table__
    still = (table.c.id == bindparam("of")) & (table.c.state_since == bindparam("since"))
    statement = update(Application).where(still).values(due_on=bindparam("day"))
    rows = [{"of": one.application_id, "since": one.state_since, "day": one.due_on} for one in moved]
    session.connection().execute(statement, rows)
