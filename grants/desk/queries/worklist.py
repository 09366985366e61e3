"""The worklist and its counts: filtered by what the reader may see, one query each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, column, func, select, text
from sqlalchemy.orm import Session, aliased

from grants.accounts.models import Organisation, Person
from grants.applications.models import Application, CorrectionRequest
from grants.applications.policies import visible_to
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import Page, StrEnumType, paginate
from grants.eligibility.models import (
    CaseAssignment,
    CheckSummary,
    Reconsideration,
)
from grants.eligibility.states import Proposal, ReconsiderationState
from grants.kernel.actor import Actor

COUNT_CAP = 99  # more is shown as 99+: a full count costs more the more there is
DRAFT = ApplicationState.DRAFT
NAME_MATCHES = 200
NOBODY = UUID(int=0)  # in a filter: cases that no officer has
PAGE = 25
KEPT = 128  # statements that a process keeps as they were built: building one costs as much as its answer


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What a worklist shows. Empty means everything the reader may see; ``text`` is what was typed into the search.

    ``officer``: who has the case, or NOBODY. ``due_before``: cases whose last day is earlier. ``failing``: at least one
    rule is held to have failed. ``reconsidered``: the applicant has said something against a rejection and waits for
    the answer.
    """

    calls: tuple[UUID, ...] = ()
    states: tuple[ApplicationState, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    district: str = ""
    corrected: bool = False
    text: str = ""
    officer: UUID | None = None
    due_before: date | None = None
    failing: bool = False
    reconsidered: bool = False

    @property
    def of_checks(self) -> bool:
        """Whether it asks for something that only the summary of the checks knows."""
        return bool(self.proposals) or self.failing


def list_call_names(session: Session) -> Sequence[Any]:
    """All announced calls in the order of ``list_calls``, as plain rows of ``id``, ``ref`` and ``title``."""
    return session.execute(_CALL_NAMES).all()


def list_calls(session: Session) -> Sequence[Call]:
    """All announced calls, the newest first."""
    query = select(Call).where(Call.announced_at.is_not(None)).order_by(Call.closes_at.desc(), Call.ref)
    return session.scalars(query).all()


def list_work(
    session: Session,
    actor: Actor,
    wanted: WorklistFilter,
    *,
    by_due: bool = False,
    after: str | None = None,
    before: str | None = None,
) -> Page[Any]:
    """One page of the worklist as plain rows, the oldest or (``by_due``) those due first in front, in one query."""
    query = _work_of(actor, wanted)
    key = (Application.due_on, Application.id) if by_due else (Application.id,)
    return paginate(session, query, key=key, after=after, before=before, limit=PAGE)


def count_work(session: Session, actor: Actor, filters: Mapping[str, WorklistFilter]) -> dict[str, int]:
    """How many applications each filter finds, up to COUNT_CAP + 1, all in one query.

    What asks for one state of the same calls shares one expression that the database repeats per call and state.
    """
    shared = next((wanted.calls for wanted in filters.values()), ())
    by_state = {name: wanted for name, wanted in filters.items() if _asks_for_one_state(wanted, shared)}
    rest = {name: wanted for name, wanted in filters.items() if name not in by_state}
    rows = session.execute(_counts(actor, shared, tuple(rest.values()))).all()
    of_state: Counter[ApplicationState] = Counter()
    for state, count, *_ in rows:
        of_state[state] += count
    return {
        **dict(zip(rest, rows[0][2:], strict=True)),
        **{name: min(of_state[wanted.states[0]], COUNT_CAP + 1) for name, wanted in by_state.items()},
    }


@lru_cache(maxsize=KEPT)
def _counts(actor: Actor, calls: tuple[UUID, ...], rest: tuple[WorklistFilter, ...]) -> Any:
    visible = visible_to(actor)
    counts = [_capped(visible, wanted).label(f"n{number}") for number, wanted in enumerate(rest)]
    counted = select(_STATES.c.state, _capped_in_call(visible), *counts).select_from(_STATES)
    return counted.outerjoin(_CALL, _CALL.id.in_(calls))


@lru_cache(maxsize=KEPT)
def _work_of(actor: Actor, wanted: WorklistFilter) -> Select[*tuple[Any, ...]]:
    return _worklist().where(visible_to(actor), *conditions(wanted))


def _asks_for_one_state(wanted: WorklistFilter, calls: tuple[UUID, ...]) -> bool:
    return len(wanted.states) == 1 and wanted == WorklistFilter(calls=calls, states=wanted.states)


def conditions(wanted: WorklistFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on ``Application`` and ``CheckSummary``; each has an index to rest on."""
    return [*_of_entry(wanted), *_of_work(wanted)]


def _of_entry(wanted: WorklistFilter) -> Iterator[ColumnElement[bool]]:
    """What a case is."""
    if wanted.calls:
        yield Application.call_id.in_(wanted.calls)
    if wanted.states:
        yield Application.state.in_(wanted.states)
    if wanted.district:
        yield Application.district_code == wanted.district
    if wanted.corrected:
        yield Application.revision_no > 1
        yield Application.id.in_(select(CorrectionRequest.application_id))  # says the same, from a table of few rows
    if wanted.text:
        yield matches(wanted.text)


def _of_work(wanted: WorklistFilter) -> Iterator[ColumnElement[bool]]:
    """What is to be done about it, by whom, until when."""
    if wanted.proposals:
        yield CheckSummary.proposal.in_(wanted.proposals)
    if wanted.failing:
        yield CheckSummary.failed > 0
    if wanted.reconsidered:
        asked = Reconsideration.state == ReconsiderationState.ASKED
        yield Application.id.in_(select(Reconsideration.application_id).where(asked))
    if wanted.officer is not None:
        yield _is_with(wanted.officer)
    if wanted.due_before is not None:
        yield Application.due_on < wanted.due_before


def _is_with(officer: UUID) -> ColumnElement[bool]:
    if officer == NOBODY:
        taken = aliased(CaseAssignment)  # the list itself joins the table
        return ~select(taken.application_id).where(taken.application_id == Application.id).exists()
    return Application.id.in_(select(CaseAssignment.application_id).where(CaseAssignment.officer_id == officer))


def matches(text: str) -> ColumnElement[bool]:
    """Search by number (whole, or the receipt number alone), by credit code, or by the beginning of a name."""
    typed = text.strip()
    if typed.isascii() and typed.isdigit() and len(typed) <= 6:
        return Application.receipt_no == int(typed)
    if "-" in typed and typed.isascii():
        return Application.ref == typed.upper()
    by_name = (
        select(Organisation.id)
        .where((Organisation.uscc == typed.upper()) | Organisation.name.startswith(typed, autoescape=True))
        .limit(NAME_MATCHES)
    )
    return Application.organisation_id.in_(by_name)


def _worklist() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Application.id,
            Application.ref,
            Application.title,
            Application.state,
            Application.state_since,
            Application.requested_fen,
            Application.district_code,
            Application.revision_no,
            Application.call_id,
            Application.due_on,
            Organisation.name.label("organisation"),
            Person.name.label("officer"),
            CheckSummary.proposal,
            CheckSummary.passed,
            CheckSummary.failed,
            CheckSummary.warned,
            CheckSummary.unknown,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(CheckSummary, CheckSummary.application_id == Application.id)
        .outerjoin(CaseAssignment, CaseAssignment.application_id == Application.id)
        .outerjoin(Person, Person.id == CaseAssignment.officer_id)
    )


_STATES = (
    text(" UNION ALL ".join(f"SELECT '{state}' AS state" for state in ApplicationState if state is not DRAFT))
    .columns(column("state", StrEnumType(ApplicationState)))
    .cte("counted_state")
)


_CALL = aliased(Call)
_CALL_NAMES = (
    select(Call.id, Call.ref, Call.title)
    .where(Call.announced_at.is_not(None))
    .order_by(Call.closes_at.desc(), Call.ref)
)


def _capped_in_call(visible: ColumnElement[bool]) -> Any:
    """Applications of one call in one state.

    The order makes the worklist's index the cheapest way; without it the planner reads the whole table for a rare
    state.
    """
    rows = (
        select(Application.id)
        .where(visible, Application.call_id == _CALL.id, Application.state == _STATES.c.state)
        .order_by(Application.id)
        .limit(COUNT_CAP + 1)
        .correlate(_STATES, _CALL)
    )
    return select(func.count()).select_from(rows.subquery()).correlate(_STATES, _CALL).scalar_subquery()


def _capped(visible: ColumnElement[bool], wanted: WorklistFilter) -> Any:
    rows = select(Application.id).where(visible, *conditions(wanted)).limit(COUNT_CAP + 1)
    if wanted.of_checks:
        rows = rows.join(CheckSummary, CheckSummary.application_id == Application.id)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
