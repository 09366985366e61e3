"""Reading runs, findings, decisions, opinions and how the formal check of a case stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, defer, selectinload

from grants import outbox
from grants.applications.models import Application, CorrectionRequest, Revision
from grants.applications.states import ApplicationState
from grants.eligibility import domain
from grants.eligibility.domain import Standing
from grants.eligibility.models import (
    CheckSummary,
    DistrictOpinion,
    EligibilityRun,
    Finding,
    FindingOverrule,
    FormalDecision,
)
from grants.eligibility.queries.overrules import list_overrules
from grants.eligibility.states import RunKind
from grants.kernel.clock import local_date
from grants.programmes.queries import definition_of

LATER_CHECKS = ("application.passed_district", "application.asof_reached", "application.recheck_asked")
CHECKED_AGAIN = frozenset({ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW, ApplicationState.ACCEPTED})
AT_DISTRICT = frozenset({ApplicationState.DISTRICT_REVIEW})


def list_runs(session: Session, revision_id: UUID) -> Sequence[EligibilityRun]:
    """The runs in effect of a revision with their findings, without the case and evidence texts."""
    query = (
        select(EligibilityRun)
        .where(EligibilityRun.revision_id == revision_id, EligibilityRun.superseded_at.is_(None))
        .options(defer(EligibilityRun.case), defer(EligibilityRun.evidence), selectinload(EligibilityRun.findings))
        .order_by(EligibilityRun.finished_at, EligibilityRun.id)
    )
    return session.scalars(query).all()


def find_last_run(session: Session, revision_id: UUID, kind: RunKind) -> EligibilityRun | None:
    """The last run of a revision and kind: the one in effect, where one is."""
    found: EligibilityRun | None = session.scalars(_LAST_RUN, {"revision_id": revision_id, "kind": kind}).one_or_none()
    return found


_LAST_RUN: Any = (  # every check runs it
    select(EligibilityRun)
    .where(EligibilityRun.revision_id == bindparam("revision_id"), EligibilityRun.kind == bindparam("kind"))
    .order_by(EligibilityRun.number.desc())
    .limit(1)
)


def find_run(session: Session, revision_id: UUID, kind: RunKind) -> EligibilityRun | None:
    """The run in effect of a revision and kind."""
    found: EligibilityRun | None = session.scalars(
        _RUN_IN_EFFECT, {"revision_id": revision_id, "kind": kind}
    ).one_or_none()
    return found


_RUN_IN_EFFECT: Any = (
    select(EligibilityRun)
    .where(EligibilityRun.revision_id == bindparam("revision_id"), EligibilityRun.kind == bindparam("kind"))
    .where(EligibilityRun.superseded_at.is_(None))
)


def findings_of(run: EligibilityRun) -> list[dict[str, Any]]:
    """The findings of a run in the JSON of interfaces.md, section 3."""
    return [finding_json(finding) for finding in run.findings]


def finding_json(finding: Finding) -> dict[str, Any]:
    """One stored finding as ``programmes.domain.Finding.to_json`` writes it."""
    columns = (
        "rule",
        "title",
        "verdict",
        "cause",
        "severity",
        "clause",
        "message",
        "remedy",
        "read",
        "evidence",
        "due",
    )
    return {column: getattr(finding, column) for column in columns}


def latest_findings(session: Session, application: Application) -> tuple[Finding, ...]:
    """The finding in force of every rule for the revision in force; empty while it has not been checked."""
    revision_id = find_revision_id(session, application)
    return in_force(list_runs(session, revision_id)) if revision_id else ()


def in_force(runs: Sequence[EligibilityRun]) -> tuple[Finding, ...]:
    """The finding in force of every rule among the runs in effect of one revision."""
    merged: tuple[Finding, ...] = domain.merge_findings({run.kind: run.findings for run in runs})
    return merged


def find_revision_id(session: Session, application: Application) -> UUID | None:
    """The key of the revision in force."""
    query = select(Revision.id).where(
        Revision.application_id == application.id, Revision.number == application.revision_no
    )
    return session.scalars(query).one_or_none()


def find_opinion(session: Session, application: Application) -> DistrictOpinion | None:
    """What the district in which the case lies has said of it last; a change of district leaves it behind."""
    if application.passed_to_district_at is None:
        return None
    query = (
        select(DistrictOpinion)
        .where(
            DistrictOpinion.application_id == application.id,
            DistrictOpinion.district_code == application.district_code,
        )
        .order_by(DistrictOpinion.given_at.desc(), DistrictOpinion.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def find_decision(session: Session, application: Application) -> FormalDecision | None:
    """The last formal decision on the application that is in force, of whichever revision."""
    query = (
        select(FormalDecision)
        .where(FormalDecision.application_id == application.id, FormalDecision.revoked_at.is_(None))
        .order_by(FormalDecision.decided_at.desc(), FormalDecision.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def find_summary(session: Session, application_id: UUID) -> CheckSummary | None:
    """How the checks of the application stand, in figures."""
    return session.get(CheckSummary, application_id)


def count_corrections(session: Session, application: Application) -> int:
    """Rounds of correction that have been asked for so far."""
    query = select(func.count()).where(CorrectionRequest.application_id == application.id)
    return session.scalar(query) or 0


def standing_of(session: Session, application: Application, *, now: datetime) -> Standing:
    """How the formal check of the application's revision in force stands."""
    revision_id = find_revision_id(session, application)
    runs = list_runs(session, revision_id) if revision_id else ()
    decision = find_decision(session, application)
    return build_standing(
        application,
        runs,
        overrules=list_overrules(session, revision_id) if revision_id else (),
        opinion=find_opinion(session, application),
        corrections=count_corrections(session, application),
        decided=decision is not None and decision.revision_id == revision_id,
        given_up=list_given_up(session, application, revision_id) if revision_id else (),
        now=now,
    )


def build_standing(
    application: Application,
    runs: Sequence[EligibilityRun],
    *,
    overrules: Sequence[FindingOverrule] = (),
    opinion: DistrictOpinion | None,
    corrections: int,
    decided: bool,
    given_up: Sequence[str] = (),
    now: datetime,
) -> Standing:
    """The standing from rows that were read before, for pages that read them anyway."""
    judged: Mapping[RunKind, date] = {run.kind: local_date(run.finished_at) for run in runs}
    definition = definition_of(application.call.definition)
    return Standing(
        judged=frozenset(judged),
        awaited=runs_awaited(application, judged, now=now),
        findings=in_force(runs),
        corrections=corrections,
        decided=decided,
        recommended=None if opinion is None else opinion.recommended,
        rounds=definition.correction_rounds,
        overrules=domain.latest_overrules(overrules),
        given_up=tuple(given_up),
    )


def list_given_up(session: Session, application: Application, revision_id: UUID) -> Sequence[str]:
    """Which checks after the first one were given up and not started anew: their topics, each once.

    The first one needs no looking up, it leaves the case in ``check_failed``. Asks nothing about a case that is beyond
    being checked again.
    """
    if application.state not in CHECKED_AGAIN:
        return ()
    dead = {message.topic for message in outbox.list_dead_about(session, LATER_CHECKS, revision_id=str(revision_id))}
    return [topic for topic in LATER_CHECKS if topic in dead]


def still_given_up(application: Application, topics: Sequence[str]) -> tuple[str, ...]:
    """``list_given_up`` for whoever has read the topics of dead letters anyway."""
    return tuple(topics) if application.state in CHECKED_AGAIN else ()


def runs_awaited(application: Application, judged: Mapping[RunKind, date], *, now: datetime) -> frozenset[RunKind]:
    """The runs that are due by now and missing. ``judged``: the day on which each run in effect read its evidence."""
    due = domain.runs_due(
        definition_of(application.call.definition),
        judged=judged,
        asof=application.call.asof_on,
        today=local_date(now),
        with_district=application.state in AT_DISTRICT,
    )
    return due - judged.keys()


def list_judged(session: Session, revision_ids: Collection[UUID]) -> Mapping[UUID, Mapping[RunKind, date]]:
    """For each of these revisions the runs in effect and the day on which each read its evidence, in one query."""
    query = select(EligibilityRun.revision_id, EligibilityRun.kind, EligibilityRun.finished_at).where(
        EligibilityRun.revision_id.in_(revision_ids), EligibilityRun.superseded_at.is_(None)
    )
    found: defaultdict[UUID, dict[RunKind, date]] = defaultdict(dict)
    for revision_id, kind, finished_at in session.execute(query):
        found[revision_id][kind] = local_date(finished_at)
    return found
