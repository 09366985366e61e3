"""Storing what a run found, bringing the summary up to date, and moving the case on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

import grants.kernel.rules
import grants.programmes.domain
from grants import audit, outbox
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.queries import get_revision, lock_application, lock_with_call
from grants.applications.states import APPLICATION, ApplicationState
from grants.db import in_one_go, insert_as_json, uuid7
from grants.eligibility import domain, queries
from grants.eligibility.domain import Judged
from grants.eligibility.errors import StaleEvidenceError
from grants.eligibility.models import CheckSummary, EligibilityRun, Finding
from grants.eligibility.services.checking import CaseToCheck, JudgedCase, awaits_check
from grants.eligibility.services.evidence import OWN, own_evidence
from grants.eligibility.services.similarity import keep_comparison
from grants.eligibility.services.summing import add_summary, summarise
from grants.eligibility.services.telling import tell_enterprise
from grants.eligibility.states import Proposal, RunKind
from grants.kernel.actor import Actor

JUDGED_AGAIN = frozenset({ApplicationState.CHECKED, ApplicationState.DISTRICT_REVIEW, ApplicationState.ACCEPTED})
DISTRICT_STAGE = "district_review"
RUNS: Any = EligibilityRun.__table__  # statements on the tables themselves take half the time
ADD_RUN = insert(RUNS)


def record_run(
    session: Session, judged: JudgedCase, *, actor: Actor, now: datetime, again: bool = False
) -> UUID | None:
    """Store a run with its findings, bring the summary up to date, and move the case on.

    Effects, in order: locks the application; the run; all findings in one statement; the sketch of its texts; the
    summary; for the run that ends a check ``start_check``, unless that was shown before, ``finish_check``, the way to
    the district where the programme has that stage and the district has not had this revision before, and the notice
    to the enterprise.

    Returns the key of the run in effect. A second delivery finds it and changes nothing; ``again`` supersedes it unless
    it says the same. Returns None where the revision is no longer the one in force or the case has been closed
    meanwhile.

    Raises:
        StaleEvidenceError: after the case was read claims were made or released, or the scan of a file was settled.
    """
    case = judged.case
    application = lock_with_call(session, case.application_id)
    last = queries.find_last_run(session, case.revision_id, case.kind)
    number = 1 if last is None else last.number + 1
    if case.kind is RunKind.SUBMIT and not again and awaits_check(application, case.revision_no):
        return _record_awaited(session, application, judged, number, actor=actor, now=now)
    former = last if last is not None and last.superseded_at is None else None
    if former is not None and (not again or _says_the_same(former, judged)):
        return former.id
    if case.revision_no != application.revision_no or not _may_record(application, case.kind, again=again):
        return former.id if former is not None else None
    _require_fresh(session, case)
    if former is not None:
        former.superseded_at = now
        session.flush()
    run_id = _add_run(session.connection(), judged, number=number, now=now)
    if case.comparison is not None:
        keep_comparison(session, application, case.comparison, case.revision_id, judged.later_alike, now=now)
    summary = summarise(session, application, case.revision_id, _held(session, case.revision_id), now=now)
    detail = _told(run_id, case.kind, number, summary)
    audit.record(session, actor, "application.checked_again", ("application", application.id), at=now, detail=detail)
    return run_id


def _may_record(application: Application, kind: RunKind, *, again: bool) -> bool:
    return (kind is not RunKind.SUBMIT or again) and application.state in JUDGED_AGAIN


def _record_awaited(
    session: Session, application: Application, judged: JudgedCase, number: int, *, actor: Actor, now: datetime
) -> UUID:
    """The run that the case waits for: none is in effect, for recording it moves the case on. It is the first of its
    revision, unless a rejection was taken back."""
    case, is_first = judged.case, number == 1
    _require_fresh(session, case)
    with in_one_go(session) as connection:
        run_id = _add_run(connection, judged, number=number, now=now)
        if is_first and case.revision_no == 1:
            summary = add_summary(connection, application.id, case.revision_id, judged.findings, now=now)
    if case.comparison is not None:
        keep_comparison(session, application, case.comparison, case.revision_id, judged.later_alike, now=now)
    if not is_first or case.revision_no > 1:
        held = judged.findings if is_first else _held(session, case.revision_id)
        summary = summarise(session, application, case.revision_id, held, now=now)
    detail = _told(run_id, case.kind, number, summary)
    _move_on(session, application, case, detail, is_first=is_first, actor=actor, now=now)
    facts = {"outcome": outcome_words(summary)}
    tell_enterprise(session, application, "check.finished", key=f"run:{run_id}", facts=facts, now=now, is_new=True)
    return run_id


def _says_the_same(former: EligibilityRun, judged: JudgedCase) -> bool:
    return queries.findings_of(former) == [finding.to_json() for finding in judged.findings]


def _require_fresh(session: Session, case: CaseToCheck) -> None:
    """Claims and files are still those that were judged, now that the application is locked."""
    read = {root: case.evidence[root] for root in OWN & case.evidence.keys()}
    documents = case.content["documents"]
    if own_evidence(session, case.application_id, documents, needed=read.keys(), now=case.read_at) != read:
        raise StaleEvidenceError(revision=str(case.revision_id))


def _add_run(connection: Connection, judged: JudgedCase, *, number: int, now: datetime) -> UUID:
    case, counts, run_id = judged.case, domain.tally(judged.findings), uuid7()
    run = {
        "id": run_id,
        "application_id": case.application_id,
        "revision_id": case.revision_id,
        "kind": case.kind,
        "number": number,
        "definition_id": case.definition_id,
        "case": judged.content,
        "evidence": judged.evidence,
        "code_version": code_version(),
        "finished_at": now,
        "passed": counts.passed,
        "failed": counts.failed + counts.warned,
        "unknown": counts.unknown,
    }
    connection.execute(ADD_RUN, run)
    rows = [
        {"id": uuid7(), "run_id": run_id, "position": position, **finding.to_json()}
        for position, finding in enumerate(judged.findings)
    ]
    if rows:
        insert_as_json(connection, Finding.__table__, rows)
    return run_id


def _held(session: Session, revision_id: UUID) -> Sequence[Judged]:
    """What holds of the revision's findings; only a later run can meet with what a person has said before."""
    overrules = domain.latest_overrules(queries.list_overrules(session, revision_id))
    return domain.hold(queries.in_force(queries.list_runs(session, revision_id)), overrules)


def _told(run_id: UUID, kind: RunKind, number: int, summary: CheckSummary) -> dict[str, object]:
    """What the audit entry tells of a run."""
    return {
        "run": run_id,
        "kind": kind,
        "number": number,
        "passed": summary.passed,
        "failed": summary.failed,
        "warned": summary.warned,
        "unknown": summary.unknown,
        "proposal": summary.proposal,
    }


def _move_on(
    session: Session,
    application: Application,
    case: CaseToCheck,
    detail: dict[str, object],
    *,
    is_first: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """The steps of a check, all at once: that it began, unless it was shown before, its end, and the way to the
    district where the programme has that stage; a district that has had this revision, or has spoken already, need not
    be asked again."""
    to_district = domain.has_stage(case.definition, DISTRICT_STAGE)
    is_asked = to_district and is_first and queries.find_opinion(session, application) is None
    started = application.state is ApplicationState.CHECKING
    steps = [
        *([] if started else [applications.Step("start_check", case.read_at)]),
        applications.Step("finish_check", now, detail),
        *([applications.Step("pass_to_district", now)] if is_asked else []),
    ]
    applications.advance_by(session, application, steps, actor=actor)
    if not is_asked and (to_district or domain.has_city_rules(case.definition)):
        outbox.publish(session, "application.passed_district", {"revision_id": str(case.revision_id)})


def outcome_words(summary: CheckSummary) -> str:
    """The outcome of a check in the words of the mail; what is only proposed is not said (domain.md, 4.1)."""
    words = {
        Proposal.ACCEPT: "自动核验已完成，未发现需要处理的问题，等待形式审查",
        Proposal.RETURN: "自动核验已完成，发现需要补充或更正的内容，等待形式审查",
        Proposal.LOOK: "自动核验已完成，部分事项待人工确认",
        Proposal.REJECT: "自动核验已完成，部分事项待人工确认",
    }
    return words[summary.proposal]


def fail_check(session: Session, revision_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say that the check could not be finished: a person looks after it, the enterprise need do nothing."""
    revision = get_revision(session, revision_id)
    application = lock_application(session, revision.application_id)
    if revision.number == application.revision_no and APPLICATION.allows(application.state, "fail_check"):
        applications.advance(session, application, "fail_check", actor=actor, now=now, detail={"reason": reason[:500]})


@cache
def code_version() -> str:
    """A fingerprint of the code that judges: the rule language and the pure half of definitions, 40 digits."""
    digest = sha256()
    for package in (grants.kernel.rules, grants.programmes.domain):
        for source in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:40]
