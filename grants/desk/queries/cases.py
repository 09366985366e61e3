"""What the pages of single cases rest on, and what lists of cases tell of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, false, func, literal, select, union
from sqlalchemy.orm import Session, contains_eager, defer

from grants import outbox
from grants.accounts.models import Person
from grants.applications.models import Application, CorrectionRequest, Revision
from grants.audit import AuditEntry
from grants.calls.models import Call
from grants.desk.domain import HistoryEntry
from grants.eligibility import queries as checks
from grants.eligibility.models import (
    CaseAssignment,
    DistrictOpinion,
    EligibilityRun,
    FindingOverrule,
    FormalDecision,
    Reconsideration,
)


@dataclass(frozen=True, slots=True)
class CaseRows:
    """What a case file rests on besides the application: the revision in force and what has been said of the case."""

    revision: Revision
    revisions: tuple[Revision, ...]
    runs: tuple[EligibilityRun, ...]
    opinion: DistrictOpinion | None
    decision: FormalDecision | None
    reconsideration: Reconsideration | None
    corrections: int
    correction_due_on: date | None
    officer_id: UUID | None = None
    officer: str = ""
    overrules: tuple[FindingOverrule, ...] = ()
    given_up: tuple[str, ...] = ()  # checks of it that workers could not finish, by topic


def read_case_rows(session: Session, application: Application) -> CaseRows:
    """Revisions with opinions, decisions in force, what was said against them and who has the case, and the runs in
    effect with their findings: two queries. What was said against findings comes with the names of who said it:
    ``read_people``."""
    rows = session.execute(_case_rows(), {"application_id": application.id}).all()
    revisions = tuple(row[0] for row in rows)
    opinions = [row[1] for row in rows if row[1] is not None and row[1].district_code == application.district_code]
    decisions = [(row[2], row[3]) for row in rows if row[2] is not None]
    decision, reconsideration = decisions[-1] if decisions else (None, None)
    return CaseRows(
        revision=revisions[-1],
        revisions=revisions,
        runs=list_runs(session, revisions[-1].id),
        opinion=opinions[-1] if opinions else None,
        decision=decision,
        reconsideration=reconsideration,
        corrections=rows[-1][4],
        correction_due_on=rows[-1][5],
        officer_id=rows[-1][6],
        officer=rows[-1][7] or "",
        given_up=checks.still_given_up(
            application, [topic for topic, dead in zip(checks.LATER_CHECKS, rows[-1][8:], strict=True) if dead]
        ),
    )


def list_runs(session: Session, revision_id: UUID) -> tuple[EligibilityRun, ...]:
    """The runs in effect of a revision with their findings, in one query, without the texts they were judged from."""
    return tuple(session.scalars(_runs_in_effect(), {"revision_id": revision_id}).unique())


@cache  # built once: building it takes half as long as asking
def _case_rows() -> Any:
    asked = CorrectionRequest.application_id == bindparam("application_id")
    rounds = select(func.count()).select_from(CorrectionRequest).where(asked).scalar_subquery()
    latest = select(func.max(CorrectionRequest.due_on)).where(asked).scalar_subquery()
    in_force = (FormalDecision.revision_id == Revision.id) & FormalDecision.revoked_at.is_(None)
    given_up = [outbox.has_dead(topic, "revision_id", Revision.id) for topic in checks.LATER_CHECKS]
    said, held = (DistrictOpinion, FormalDecision, Reconsideration), (CaseAssignment.officer_id, Person.name)
    return (
        select(Revision, *said, rounds, latest, *held, *given_up)
        .outerjoin(DistrictOpinion, DistrictOpinion.revision_id == Revision.id)
        .outerjoin(FormalDecision, in_force)
        .outerjoin(Reconsideration, Reconsideration.decision_id == FormalDecision.id)
        .outerjoin(CaseAssignment, CaseAssignment.application_id == Revision.application_id)
        .outerjoin(Person, Person.id == CaseAssignment.officer_id)
        .where(Revision.application_id == bindparam("application_id"))
        .order_by(Revision.number)
    )


@cache
def _runs_in_effect() -> Any:
    return (
        select(EligibilityRun)
        .outerjoin(EligibilityRun.findings)
        .where(EligibilityRun.revision_id == bindparam("revision_id"), EligibilityRun.superseded_at.is_(None))
        .options(contains_eager(EligibilityRun.findings), defer(EligibilityRun.case), defer(EligibilityRun.evidence))
        .order_by(EligibilityRun.finished_at, EligibilityRun.id)
    )


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


@dataclass(frozen=True, slots=True)
class CasePeople:
    """Names by the text of a person's key, as the log names actors; what was said against findings, in order; to whom
    the case can be given, by name."""

    names: Mapping[str, str]
    overrules: tuple[FindingOverrule, ...]
    colleagues: tuple[checks.Colleague, ...]


def read_people(
    session: Session, person_ids: Collection[str], revision_id: UUID, *, officers_of: Call | None = None
) -> CasePeople:
    """The people of a case in one query: those named, with what they said against findings of this revision - whoever
    spoke is in the log of the case - and the officers of a call with what they have in hand of it."""
    keys = [UUID(key) for key in person_ids if _is_key(key)]
    spoke = (FindingOverrule.given_by == Person.id) & (FindingOverrule.revision_id == revision_id)
    asked = select(Person.id, Person.name, FindingOverrule).outerjoin(FindingOverrule, spoke)
    if officers_of is None:
        query = asked.add_columns(false(), literal(0)).where(Person.id.in_(keys))
    else:
        officers, hand = checks.officer_ids(officers_of), checks.in_hand(officers_of)
        named = select(Person.id).where(Person.id.in_(keys))  # a union: an OR would read everybody
        query = (
            asked.outerjoin(hand, hand.c.officer_id == Person.id)
            .add_columns(Person.id.in_(officers) & Person.disabled_at.is_(None), func.coalesce(hand.c.open, 0))
            .where(Person.id.in_(union(named, officers)))
        )
    rows = session.execute(query.order_by(Person.name, Person.id)).all()
    said: list[FindingOverrule] = [row[2] for row in rows if row[2] is not None]
    return CasePeople(
        names={str(row[0]): row[1] for row in rows},
        overrules=tuple(sorted(said, key=lambda one: (one.rule, one.number))),
        colleagues=tuple(dict.fromkeys(checks.Colleague(row[0], row[1], row[4]) for row in rows if row[3])),
    )


def _is_key(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def list_corrections_due(session: Session, application_ids: Collection[UUID]) -> Mapping[UUID, CorrectionRequest]:
    """The correction each of these applications has still to answer."""
    query = select(CorrectionRequest).where(
        CorrectionRequest.application_id.in_(application_ids), CorrectionRequest.answered_at.is_(None)
    )
    return {request.application_id: request for request in session.scalars(query.order_by(CorrectionRequest.round_no))}
