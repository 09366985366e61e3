"""Judging recorded runs again from their stored texts: the same definition and code must find the same, to the byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from grants.applications.models import Application
from grants.calls.models import Call
from grants.eligibility import queries
from grants.eligibility.models import EligibilityRun
from grants.eligibility.services.checking import judge_texts
from grants.eligibility.services.recording import code_version
from grants.eligibility.states import RunKind
from grants.kernel.canonical import canonical_json
from grants.programmes.domain import Definition
from grants.programmes.models import DefinitionVersion
from grants.programmes.queries import definition_of

BATCH = 100  # runs in memory at a time


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of one run judged again. ``differing`` are the rules whose findings are not the recorded ones."""

    ref: str
    revision_id: UUID
    kind: RunKind
    number: int
    same_code: bool
    differing: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every finding came out as recorded."""
        return not self.differing


def list_recorded_ids(session: Session, *, ref: str | None = None, call_ref: str | None = None) -> Sequence[UUID]:
    """The runs to judge again, superseded ones included, in the order they were made: of an application's number, of a
    call, or all."""
    query = select(EligibilityRun.id).join(EligibilityRun.application).order_by(EligibilityRun.id)
    if ref is not None:
        query = query.where(Application.ref == ref)
    if call_ref is not None:
        query = query.join(Call, Call.id == Application.call_id).where(Call.ref == call_ref)
    return session.scalars(query).all()


def replay_runs(session: Session, run_ids: Sequence[UUID]) -> Iterator[Replay]:
    """Judge runs again in the order of their keys, a batch in two queries, so that memory does not grow with their
    number."""
    for start in range(0, len(run_ids), BATCH):
        query = (
            select(EligibilityRun)
            .join(EligibilityRun.application)
            .options(contains_eager(EligibilityRun.application), selectinload(EligibilityRun.findings))
            .where(EligibilityRun.id.in_(run_ids[start : start + BATCH]))
            .order_by(EligibilityRun.id)
        )
        for run in session.scalars(query):
            yield replay_run(session, run)


def replay_run(session: Session, run: EligibilityRun) -> Replay:
    """Judge a run again from its case, its evidence and its pinned definition, and compare canonical bytes."""
    definition = definition_of(session.get_one(DefinitionVersion, run.definition_id))
    return Replay(
        run.application.ref or "",
        run.revision_id,
        run.kind,
        run.number,
        run.code_version == code_version(),
        _differing(definition, run),
    )


def _differing(definition: Definition, run: EligibilityRun) -> tuple[str, ...]:
    found = {finding.rule: finding.to_json() for finding in judge_texts(definition, run.kind, run.case, run.evidence)}
    recorded = {finding["rule"]: finding for finding in queries.findings_of(run)}
    return tuple(
        rule
        for rule in sorted(found.keys() | recorded.keys())
        if canonical_json(found.get(rule)) != canonical_json(recorded.get(rule))
    )
