"""Read, judge, record: three steps, so that no transaction is open while rules are evaluated (house.md, E6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grants.applications import services as applications
from grants.applications.models import Application, Revision
from grants.applications.queries import case_json, get_revision
from grants.applications.states import ApplicationState
from grants.eligibility import domain, queries
from grants.eligibility.models import DistrictOpinion
from grants.eligibility.services import similarity
from grants.eligibility.services.evidence import own_evidence
from grants.eligibility.states import RunKind
from grants.kernel.actor import Actor
from grants.kernel.canonical import canonical_json
from grants.kernel.clock import local_instant
from grants.programmes import domain as programmes
from grants.programmes.domain import Definition
from grants.programmes.queries import definition_of
from grants.registers import services as registers

CHECKABLE = frozenset({ApplicationState.SUBMITTED, ApplicationState.CHECKING, ApplicationState.CHECK_FAILED})


@dataclass(frozen=True, slots=True)
class CaseToCheck:
    """A revision with its evidence, read in one transaction and free of it.

    ``content`` and ``evidence`` are JSON; ``comparison`` the texts that are still to be compared, ``questions`` what
    registers are still to be asked over the network.
    """

    revision_id: UUID
    revision_no: int
    application_id: UUID
    kind: RunKind
    definition: Definition
    definition_id: UUID
    content: Mapping[str, Any]
    evidence: Mapping[str, Any]
    comparison: similarity.Comparison | None
    read_at: datetime
    questions: tuple[registers.Question, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """The findings of a run and the canonical texts from which anybody can judge the case again."""

    case: CaseToCheck
    content: str
    evidence: str
    findings: tuple[programmes.Finding, ...]
    later_alike: tuple[UUID, ...] = ()


def start_check(session: Session, revision_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Show that checking is under way; returns False where there is nothing to check any more.

    Nothing is left to check when a later revision is in force, the first run has been recorded, or the application has
    been withdrawn meanwhile.
    """
    revision = get_revision(session, revision_id, lock=True)
    application = revision.application
    if not awaits_check(application, revision.number):
        return False
    if application.state is not ApplicationState.CHECKING:
        applications.advance(session, application, "start_check", actor=actor, now=now)
    return True


def awaits_check(application: Application, revision_no: int) -> bool:
    """Whether a run of this revision is still to move it on: it is the one in force, submitted or brought back."""
    return application.revision_no == revision_no and application.state in CHECKABLE


def read_first(session: Session, revision_id: UUID, *, now: datetime) -> CaseToCheck | None:
    """The reading for the first run of a revision; None where there is nothing to check any more. Nothing is locked
    and nothing written: ``record_run`` looks again."""
    revision = get_revision(session, revision_id)
    if not awaits_check(revision.application, revision.number):
        return None
    return _read(session, revision, RunKind.SUBMIT, now=now)


def read_case(session: Session, revision_id: UUID, kind: RunKind, *, now: datetime) -> CaseToCheck:
    """Read what a run of this kind needs: the frozen content, the call's facts, and the evidence as of ``now``."""
    return _read(session, get_revision(session, revision_id), kind, now=now)


def _read(session: Session, revision: Revision, kind: RunKind, *, now: datetime) -> CaseToCheck:
    application = revision.application
    definition = definition_of(application.call.definition)
    content = case_of(session, revision, kind=kind)
    needed = domain.evidence_needed(definition, kind)
    authorised = content["answers"].get("credit_auth") is True
    reading = registers.read(
        session,
        application.organisation.uscc,
        registers=needed,
        authorised=authorised,
        now=now,
        not_before=_not_before(application.call.asof_on, kind),
    )
    own = own_evidence(session, application.id, content["documents"], needed=needed, now=now)
    return CaseToCheck(
        revision_id=revision.id,
        revision_no=revision.number,
        application_id=application.id,
        kind=kind,
        definition=definition,
        definition_id=application.call.definition_id,
        content=content,
        evidence={**reading.evidence, **own},
        comparison=(
            similarity.read_comparison(session, application, definition, content) if "earlier_texts" in needed else None
        ),
        read_at=now,
        questions=reading.questions,
    )


def with_answers(case: CaseToCheck, answers: registers.Evidence) -> CaseToCheck:
    """The case with what the registers have answered since it was read."""
    return replace(case, evidence={**case.evidence, **answers}, questions=())


def _not_before(asof: date, kind: RunKind) -> datetime | None:
    """The second reading is there for what a service says after T: an earlier answer would be none."""
    return local_instant(asof + timedelta(days=1)) if kind is RunKind.AFTER_CLOSE else None


def case_of(session: Session, revision: Revision, *, kind: RunKind = RunKind.SUBMIT) -> dict[str, Any]:
    """The JSON of a case (interfaces.md, 3) of a revision, without evidence.

    ``submitted_at`` is the instant of the first submission. Until the district has acted its word is null; at the
    city's stage a district that has let its deadline pass has not recommended.
    """
    return case_json_of(revision, queries.find_opinion(session, revision.application), kind=kind)


def case_json_of(
    revision: Revision, opinion: DistrictOpinion | None, *, kind: RunKind = RunKind.SUBMIT
) -> dict[str, Any]:
    """``case_of`` from rows that were read before."""
    recommended = None if opinion is None else opinion.recommended
    if recommended is None and kind is RunKind.CITY:
        recommended = False
    return {**case_json(revision), "district": {"recommended": recommended}}


def judge(case: CaseToCheck) -> JudgedCase:
    """Compare the texts and evaluate the rules: pure, no transaction open.

    What is evaluated is read back from the canonical texts that are stored, so that a replay sees the same bytes.
    """
    evidence = dict(case.evidence)
    if case.comparison is not None:
        evidence["earlier_texts"] = similarity.earlier_texts_evidence(case.comparison, now=case.read_at)
    content_text, evidence_text = canonical_json(case.content).decode(), canonical_json(evidence).decode()
    findings = judge_texts(case.definition, case.kind, content_text, evidence_text)
    later = similarity.later_alike(case.comparison) if case.comparison is not None else ()
    return JudgedCase(case, content_text, evidence_text, findings, later)


def judge_texts(definition: Definition, kind: RunKind, content: str, evidence: str) -> tuple[programmes.Finding, ...]:
    """The findings that a run of this kind keeps, from the stored canonical texts."""
    case = programmes.case_from_json(definition, domain.restore_case(content, evidence))
    findings = programmes.evaluate(definition, case, stages=domain.stages_judged(kind))
    return domain.kept_findings(kind, definition, findings)
