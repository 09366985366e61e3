"""Reading calls and the calendar of working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from chinese_calendar import constants
from sqlalchemy import ColumnElement, CompoundSelect, Select, null, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.calls.domain import Phase, first_free_ref
from grants.calls.models import Call, WorkingDayOverride, WorkingYear
from grants.calls.states import CallState
from grants.db import Page, paginate
from grants.kernel.clock import SHANGHAI, local_date
from grants.kernel.errors import NotFoundError
from grants.kernel.working_days import WorkingCalendar
from grants.programmes.models import DefinitionVersion


def get_call(session: Session, ref: str, *, visible: ColumnElement[bool] | None = None) -> Call:
    """The call of that reference with its definition and funds; raises NotFoundError.

    ``visible``: what ``policies.visible_to`` lets the actor see; without it any call, for steps of the process itself.
    """
    query = _with_parts(select(Call).where(Call.ref == ref))
    call = session.scalars(query if visible is None else query.where(visible)).one_or_none()
    if call is None:
        raise NotFoundError(call=ref)
    return call


def list_open(session: Session, now: datetime) -> Sequence[Call]:
    """Calls open at ``now`` with their definitions and funds, the one that closes first before the others."""
    query = select(Call).where(_is_in(Phase.OPEN, now)).order_by(Call.closes_at, Call.ref)
    return session.scalars(_with_parts(query)).all()


def list_calls(
    session: Session, phase: Phase, *, now: datetime, after: str | None = None, before: str | None = None
) -> Page[Call]:
    """One page of the announced calls in a phase: upcoming and open by what comes next, closed the latest first."""
    time = Call.opens_at if phase is Phase.UPCOMING else Call.closes_at
    query = _with_parts(select(Call).where(_is_in(phase, now)))
    latest_first = phase is Phase.CLOSED
    return paginate(session, query, key=(time, Call.id), after=after, before=before, descending=latest_first)


def list_managed(session: Session, *, after: str | None = None, before: str | None = None) -> Page[Call]:
    """One page of all calls, drafts included, the newest first."""
    return paginate(session, _with_parts(select(Call)), key=(Call.id,), after=after, before=before, descending=True)


def next_ref(session: Session, code: str, year: int) -> str:
    """The first free reference of a programme in a year, for instance ``SBC-2027-01``."""
    taken = session.scalars(select(Call.ref).where(Call.ref.startswith(f"{code.upper()}-{year}-", autoescape=True)))
    return first_free_ref(code, year, taken.all())


def call_facts(call: Call) -> dict[str, Any]:
    """The ``call`` object of a case (interfaces.md, section 3): what rules may know of the call.

    ``effective_close`` is the call's own close; whoever grants an applicant more time replaces it.
    """
    return {
        "ref": call.ref,
        "year": call.year,
        "asof": call.asof_on.isoformat(),
        "opens_at": call.opens_at.astimezone(SHANGHAI).isoformat(),
        "effective_close": call.closes_at.astimezone(SHANGHAI).isoformat(),
        "funds": [fund.code for fund in call.funds],
        "parameters": dict(call.parameters),
    }


def working_calendar(session: Session) -> WorkingCalendar:
    """The calendar in force: chinesecalendar for the years it has, then the editable table, which wins day by day."""
    rows = session.execute(_EDITED_CALENDAR).all()
    overrides = {day: is_working for day, is_working, _ in rows if day is not None}
    years = published_years() | {year for _, _, year in rows if year is not None}
    return WorkingCalendar({**_published_exceptions(), **overrides}, years)


def provisional_years(session: Session) -> frozenset[int]:
    """Years whose holidays are entered but not settled (暂定)."""
    return frozenset(session.scalars(select(WorkingYear.year).where(WorkingYear.provisional.is_(True))))


@cache
def published_years() -> frozenset[int]:
    """The years whose arrangement ships with chinesecalendar."""
    return frozenset(range(min(constants.holidays).year, max(constants.holidays).year + 1))


def list_working_years(session: Session) -> Sequence[WorkingYear]:
    """The years of the editable table, in order."""
    return session.scalars(select(WorkingYear).order_by(WorkingYear.year)).all()


def list_overrides(session: Session, year: int) -> Sequence[WorkingDayOverride]:
    """The entered days of a year, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(WorkingDayOverride).where(WorkingDayOverride.day.between(first, last))
    return session.scalars(query.order_by(WorkingDayOverride.day)).all()


def list_published_days(year: int) -> tuple[tuple[date, bool], ...]:
    """The days of a year that chinesecalendar has as exceptions: (day, is a working day), in order."""
    return tuple(sorted((day, working) for day, working in _published_exceptions().items() if day.year == year))


def current_year(now: datetime) -> int:
    """The year in Shanghai."""
    return local_date(now).year


@cache
def _published_exceptions() -> dict[date, bool]:
    return {**dict.fromkeys(constants.holidays, False), **dict.fromkeys(constants.workdays, True)}


def _is_in(phase: Phase, now: datetime) -> ColumnElement[bool]:
    announced = Call.state == CallState.ANNOUNCED
    if phase is Phase.UPCOMING:
        return announced & (Call.opens_at > now)
    if phase is Phase.OPEN:
        return announced & (Call.opens_at <= now) & (Call.closes_at > now)
    if phase is Phase.CLOSED:
        return announced & (Call.closes_at <= now)
    return Call.state == CallState(phase)


def _with_parts(query: Select[Call]) -> Select[Call]:
    definition = joinedload(Call.definition, innerjoin=True).joinedload(DefinitionVersion.programme, innerjoin=True)
    return query.options(definition, selectinload(Call.funds))


# Days and years in one query: nearly every page of the desk asks for them.
_EDITED_CALENDAR: CompoundSelect[Any] = union_all(
    select(WorkingDayOverride.day, WorkingDayOverride.is_working, null().label("year")),
    select(null(), null(), WorkingYear.year),
)
