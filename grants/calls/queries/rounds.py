"""Reading calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.calls.domain import Phase, first_free_ref
from grants.calls.models import Call
from grants.calls.states import CallState
from grants.db import Page, paginate
from grants.kernel.clock import SHANGHAI, local_date
from grants.kernel.errors import NotFoundError
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


def current_year(now: datetime) -> int:
    """The year in Shanghai."""
    return local_date(now).year


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
