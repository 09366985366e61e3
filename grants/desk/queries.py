"""Reading across stages for pages: every list filtered by what its reader may see, a fixed number of queries each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, column, func, select, text
from sqlalchemy.orm import Session, aliased, contains_eager, defer

from grants.accounts.models import Organisation, Person
from grants.applications.models import Application, CorrectionRequest, Revision
from grants.applications.policies import visible_to
from grants.applications.states import ApplicationState
from grants.audit import AuditEntry
from grants.calls.models import Call
from grants.db import Page, StrEnumType, paginate
from grants.decisions.models import ProposalLine
from grants.desk.domain import HistoryEntry
from grants.eligibility.models import CheckSummary, DistrictOpinion, EligibilityRun, FormalDecision
from grants.eligibility.states import Proposal
from grants.kernel.actor import Actor
from grants.publication.models import AwardList, Notice
from grants.publication.states import AwardListState, NoticeState

COUNT_CAP = 99  # more is shown as 99+: a full count costs more the more there is
DRAFT = ApplicationState.DRAFT
NAME_MATCHES = 200
PAGE = 25
SHOWN_NEWS = 5


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What a worklist shows. Empty means everything the reader may see; ``text`` is what was typed into the search."""

    calls: tuple[UUID, ...] = ()
    states: tuple[ApplicationState, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    district: str = ""
    corrected: bool = False
    text: str = ""


def list_calls(session: Session) -> Sequence[Call]:
    """All announced calls, the newest first."""
    query = select(Call).where(Call.announced_at.is_not(None)).order_by(Call.closes_at.desc(), Call.ref)
    return session.scalars(query).all()


def list_work(
    session: Session, actor: Actor, wanted: WorklistFilter, *, after: str | None = None, before: str | None = None
) -> Page[Any]:
    """One page of the worklist as plain rows, the oldest first, in one query."""
    query = _worklist().where(visible_to(actor), *conditions(wanted))
    return paginate(session, query, key=(Application.id,), after=after, before=before, limit=PAGE)


def count_work(session: Session, actor: Actor, filters: Mapping[str, WorklistFilter]) -> dict[str, int]:
    """How many applications each filter finds, up to COUNT_CAP + 1, all in one query.

    What asks for one state of the same calls shares one expression that the database repeats per call and state:
    building twenty of them in Python cost more than counting.
    """
    visible = visible_to(actor)
    shared = next((wanted.calls for wanted in filters.values()), ())
    by_state = {name: wanted for name, wanted in filters.items() if _asks_for_one_state(wanted, shared)}
    rest = {name: wanted for name, wanted in filters.items() if name not in by_state}
    counts = [_capped(visible, wanted).label(f"n{number}") for number, wanted in enumerate(rest.values())]
    counted = select(_STATES.c.state, _capped_in_call(visible), *counts).select_from(_STATES)
    rows = session.execute(counted.outerjoin(_CALL, _CALL.id.in_(shared))).all()
    of_state: Counter[ApplicationState] = Counter()
    for state, count, *_ in rows:
        of_state[state] += count
    return {
        **dict(zip(rest, rows[0][2:], strict=True)),
        **{name: min(of_state[wanted.states[0]], COUNT_CAP + 1) for name, wanted in by_state.items()},
    }


def _asks_for_one_state(wanted: WorklistFilter, calls: tuple[UUID, ...]) -> bool:
    return len(wanted.states) == 1 and wanted == WorklistFilter(calls=calls, states=wanted.states)


def conditions(wanted: WorklistFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on ``Application`` and ``CheckSummary``; each has an index to rest on."""
    found: list[ColumnElement[bool]] = []
    if wanted.calls:
        found.append(Application.call_id.in_(wanted.calls))
    if wanted.states:
        found.append(Application.state.in_(wanted.states))
    if wanted.proposals:
        found.append(CheckSummary.proposal.in_(wanted.proposals))
    if wanted.district:
        found.append(Application.district_code == wanted.district)
    if wanted.corrected:
        found.append(Application.revision_no > 1)
    if wanted.text:
        found.append(matches(wanted.text))
    return found


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
            Organisation.name.label("organisation"),
            CheckSummary.proposal,
            CheckSummary.passed,
            CheckSummary.failed,
            CheckSummary.warned,
            CheckSummary.unknown,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(CheckSummary, CheckSummary.application_id == Application.id)
    )


_STATES = (
    text(" UNION ALL ".join(f"SELECT '{state}' AS state" for state in ApplicationState if state is not DRAFT))
    .columns(column("state", StrEnumType(ApplicationState)))
    .cte("counted_state")
)


_CALL = aliased(Call)


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
    if wanted.proposals:
        rows = rows.join(CheckSummary, CheckSummary.application_id == Application.id)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


@dataclass(frozen=True, slots=True)
class CaseRows:
    """What a case file rests on besides the application: the revision in force and what has been said of the case."""

    revision: Revision
    revisions: tuple[Revision, ...]
    runs: tuple[EligibilityRun, ...]
    opinion: DistrictOpinion | None
    decision: FormalDecision | None
    corrections: int
    correction_due_on: date | None


def read_case_rows(session: Session, application: Application) -> CaseRows:
    """Revisions with opinions and decisions, and the runs in effect with their findings: two queries."""
    asked = CorrectionRequest.application_id == application.id
    rounds = select(func.count()).select_from(CorrectionRequest).where(asked).scalar_subquery()
    latest = select(func.max(CorrectionRequest.due_on)).where(asked).scalar_subquery()
    query = (
        select(Revision, DistrictOpinion, FormalDecision, rounds, latest)
        .outerjoin(DistrictOpinion, DistrictOpinion.revision_id == Revision.id)
        .outerjoin(FormalDecision, FormalDecision.revision_id == Revision.id)
        .where(Revision.application_id == application.id)
        .order_by(Revision.number)
    )
    rows = session.execute(query).all()
    revisions = tuple(row[0] for row in rows)
    opinions = [row[1] for row in rows if row[1] is not None and row[1].district_code == application.district_code]
    decisions = [row[2] for row in rows if row[2] is not None]
    return CaseRows(
        revision=revisions[-1],
        revisions=revisions,
        runs=list_runs(session, revisions[-1].id),
        opinion=opinions[-1] if opinions else None,
        decision=decisions[-1] if decisions else None,
        corrections=rows[-1][3],
        correction_due_on=rows[-1][4],
    )


def list_runs(session: Session, revision_id: UUID) -> tuple[EligibilityRun, ...]:
    """The runs in effect of a revision with their findings, in one query, without the texts they were judged from."""
    query = (
        select(EligibilityRun)
        .outerjoin(EligibilityRun.findings)
        .where(EligibilityRun.revision_id == revision_id, EligibilityRun.superseded_at.is_(None))
        .options(contains_eager(EligibilityRun.findings), defer(EligibilityRun.case), defer(EligibilityRun.evidence))
        .order_by(EligibilityRun.finished_at, EligibilityRun.id)
    )
    return tuple(session.scalars(query).unique())


def list_entries(session: Session, application_id: UUID) -> Sequence[AuditEntry]:
    """What the log has about an application, the oldest first."""
    query = select(AuditEntry).where(
        AuditEntry.subject_kind == "application", AuditEntry.subject_key == str(application_id)
    )
    return session.scalars(query.order_by(AuditEntry.subject_no)).all()


def list_histories(session: Session, application_ids: Collection[UUID]) -> Mapping[UUID, list[HistoryEntry]]:
    """Kind and instant of every entry about each of these applications, the oldest first, in one query."""
    keys = {str(application_id): application_id for application_id in application_ids}
    query = (
        select(AuditEntry.subject_key, AuditEntry.kind, AuditEntry.at)
        .where(AuditEntry.subject_kind == "application", AuditEntry.subject_key.in_(keys))
        .order_by(AuditEntry.subject_key, AuditEntry.subject_no)
    )
    found: defaultdict[UUID, list[HistoryEntry]] = defaultdict(list)
    for key, kind, at in session.execute(query):
        found[keys[key]].append(HistoryEntry(kind, at))
    return found


def names_of(session: Session, person_ids: Collection[str]) -> Mapping[str, str]:
    """Names of people by the text of their key, as the log names actors."""
    keys = [UUID(key) for key in person_ids if _is_key(key)]
    if not keys:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(keys)))
    return {str(person_id): name for person_id, name in rows}


def _is_key(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def list_corrections_due(session: Session, application_ids: Collection[UUID]) -> Mapping[UUID, CorrectionRequest]:
    """The correction each of these applications has still to answer."""
    query = select(CorrectionRequest).where(
        CorrectionRequest.application_id.in_(application_ids), CorrectionRequest.answered_at.is_(None)
    )
    return {request.application_id: request for request in session.scalars(query.order_by(CorrectionRequest.round_no))}


def calls_on_record(session: Session, call_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these calls, those whose outcome has been made public by a notice."""
    query = select(Notice.call_id).where(Notice.call_id.in_(call_ids)).distinct()
    return frozenset(session.scalars(query))


def find_notice_end(session: Session, call_id: UUID) -> date | None:
    """The last day of the notice that stands for a call."""
    query = select(func.max(Notice.ends_on)).where(Notice.call_id == call_id, Notice.state == NoticeState.PUBLISHED)
    return session.scalar(query)


@dataclass(frozen=True, slots=True)
class News:
    """A public notice or a final list for the home page; ``kind`` is ``notice`` or ``award_list``."""

    kind: str
    ref: str
    title: str
    at: datetime
    is_open: bool


def list_news(session: Session, *, today: date) -> list[News]:
    """The latest notices and lists, the newest first: two queries."""
    notices = session.execute(
        select(Notice.ref, Notice.title, Notice.published_at, Notice.ends_on, Notice.state)
        .order_by(Notice.published_at.desc(), Notice.id.desc())
        .limit(SHOWN_NEWS)
    )
    lists = session.execute(
        select(AwardList.ref, AwardList.title, AwardList.released_at)
        .where(AwardList.state == AwardListState.RELEASED)
        .order_by(AwardList.released_at.desc(), AwardList.id.desc())
        .limit(SHOWN_NEWS)
    )
    news = [
        News("notice", ref, title, at, state is NoticeState.PUBLISHED and ends_on >= today)
        for ref, title, at, ends_on, state in notices
    ]
    news += [News("award_list", ref, title, at, False) for ref, title, at in lists if at is not None]
    return sorted(news, key=lambda item: item.at, reverse=True)[:SHOWN_NEWS]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What has been published so far: notices running now, awards of the latest year and their sum in fen."""

    notices: int
    year: int | None
    awards: int
    awarded_fen: int


def read_public_figures(session: Session, *, today: date) -> PublicFigures:
    """Counts for the home page, from what is public only: two queries."""
    running = select(func.count()).where(
        Notice.state == NoticeState.PUBLISHED, Notice.starts_on <= today, Notice.ends_on >= today
    )
    released = (
        select(Call.year, func.count(ProposalLine.application_id), func.sum(ProposalLine.proposed_fen))
        .select_from(AwardList)
        .join(Notice, Notice.id == AwardList.notice_id)
        .join(ProposalLine, ProposalLine.proposal_id == Notice.proposal_id)
        .join(Application, Application.id == ProposalLine.application_id)
        .join(Call, Call.id == AwardList.call_id)
        .where(AwardList.state == AwardListState.RELEASED, Application.state == ApplicationState.AWARDED)
        .group_by(Call.year)
        .order_by(Call.year.desc())
        .limit(1)
    )
    latest = session.execute(released).first()
    year, awards, awarded_fen = latest if latest is not None else (None, 0, 0)
    return PublicFigures(session.scalar(running) or 0, year, awards, int(awarded_fen or 0))


def list_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations the actor acts for, by name."""
    query = select(Organisation).where(Organisation.id.in_(actor.organisation_ids())).order_by(Organisation.name)
    return session.scalars(query).all()
