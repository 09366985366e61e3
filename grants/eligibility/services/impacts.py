"""Previewing what a definition or other parameters would change: asked, cut into chunks, judged chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.calls.models import Call
from grants.db import uuid7
from grants.eligibility import domain
from grants.eligibility.domain.impact import Change, ImpactTally, adapt_case, compare_verdicts, unreadable
from grants.eligibility.models import ImpactChange, ImpactChunk, ImpactPreview
from grants.eligibility.policies import may_preview
from grants.eligibility.queries import impacts as queries
from grants.eligibility.queries.impacts import JudgedRun
from grants.kernel.actor import Actor
from grants.programmes.domain import (
    Definition,
    Finding,
    case_from_json,
    check_parameters,
    default_parameters,
    evaluate,
    parameters_to_json,
    parse_definition,
)
from grants.programmes.domain.parameters import read_parameters
from grants.programmes.errors import CaseFaultsError, ParameterFaultsError
from grants.programmes.models import DefinitionVersion, Programme
from grants.programmes.queries import definition_of

CHUNK = 250  # cases to a message: some seconds of work
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class CaseImpact:
    """What would change of one case."""

    application_id: UUID
    ref: str
    changes: tuple[Change, ...]


def ask_impact(
    session: Session,
    programme: Programme,
    content: str,
    *,
    parameters: Mapping[str, str],
    call: Call | None = None,
    actor: Actor,
    now: datetime,
) -> ImpactPreview:
    """Have worked out what ``content`` would say of the cases of the programme, or of one call.

    ``parameters`` replace those of every case's call; they are checked as a call's are. Records ``impact.asked``,
    publishes it.

    Raises:
        ForbiddenError: the actor is no administrator.
        DefinitionFaultsError: the content is faulty.
        ParameterFaultsError: a parameter is unknown, of the wrong kind or out of bounds.
    """
    may_preview(actor).require()
    definition = compiled(content)
    preview = ImpactPreview(
        programme=programme,
        call=call,
        version=definition.version,
        fingerprint=definition.fingerprint,
        content=content,
        parameters=checked(definition, parameters),
        asked_by=actor.person_id,
        asked_at=now,
    )
    session.add(preview)
    session.flush()
    detail = {"programme": programme.code, "version": definition.version, "sha256": definition.fingerprint}
    audit.record(session, actor, "impact.asked", ("impact_preview", preview.id), at=now, detail=detail)
    outbox.publish(session, "impact.asked", {"preview_id": str(preview.id)})
    return preview


def cut_into_chunks(session: Session, preview_id: UUID, *, now: datetime) -> int:
    """Count the cases, cut them into chunks, publish ``impact.chunk_cut`` for each; returns how many cases there are.

    A second delivery finds the total and changes nothing.
    """
    preview = session.scalars(select(ImpactPreview).where(ImpactPreview.id == preview_id).with_for_update()).one()
    if preview.total is not None:
        return preview.total
    ids = queries.list_case_ids(session, preview.programme_id, call_id=preview.call_id)
    preview.total = len(ids)
    for number, start in enumerate(range(0, len(ids), CHUNK), 1):
        part = ids[start : start + CHUNK]
        session.add(
            ImpactChunk(preview_id=preview.id, number=number, first_id=part[0], last_id=part[-1], size=len(part))
        )
        outbox.publish(session, "impact.chunk_cut", {"preview_id": str(preview.id), "number": str(number)})
    if not ids:
        preview.finished_at = now
    session.flush()
    return preview.total


def read_chunk(session: Session, preview_id: UUID, number: int) -> tuple[ImpactPreview, list[list[JudgedRun]]] | None:
    """What judging a chunk needs, read in one transaction; None where it is done already or was given up."""
    chunk = session.get(ImpactChunk, (preview_id, number))
    if chunk is None or chunk.done_at is not None:
        return None
    preview = queries.get_preview(session, preview_id)
    _ = preview.content
    ids = queries.list_case_ids_between(session, preview, chunk.first_id, chunk.last_id)
    return preview, queries.list_judged_runs(session, ids)


def judge_cases(
    after: Definition,
    cases: Iterable[Sequence[JudgedRun]],
    former: Mapping[UUID, Definition],
    parameters: Mapping[str, str],
) -> Iterator[CaseImpact]:
    """Judge cases again under another definition and compare with what was recorded. Pure; no transaction."""
    defaults = {key: parameters_to_json(default_parameters(definition)) for key, definition in former.items()}
    for runs in cases:
        first = runs[0]
        before = domain.merge_findings({run.kind: run.verdicts for run in runs})
        try:
            found = {run.kind: _judged(after, run, defaults[run.definition_id], parameters) for run in runs}
        except CaseFaultsError as error:
            reasons = "；".join(str(fault) for fault in error.faults[:MOST_FAULTS])
            yield CaseImpact(first.application_id, first.ref, unreadable(reasons))
            continue
        changes = compare_verdicts(after, before, domain.merge_findings(found))
        yield CaseImpact(first.application_id, first.ref, changes)


def _judged(
    after: Definition, run: JudgedRun, defaults: Mapping[str, str], parameters: Mapping[str, str]
) -> tuple[Finding, ...]:
    content = adapt_case(after, defaults, domain.restore_case(run.case, run.evidence), parameters)
    findings = evaluate(after, case_from_json(after, content), stages=domain.stages_judged(run.kind))
    return domain.kept_findings(run.kind, after, findings)


def record_chunk(
    session: Session, preview_id: UUID, number: int, found: Sequence[CaseImpact], *, now: datetime
) -> None:
    """Store what a chunk came to; the last one finishes the preview. A second delivery changes nothing."""
    preview = session.scalars(select(ImpactPreview).where(ImpactPreview.id == preview_id).with_for_update()).one()
    chunk = session.get_one(ImpactChunk, (preview_id, number), populate_existing=True)
    if chunk.done_at is not None:
        return
    tally, rows = ImpactTally(), []
    for case in found:
        tally.count(case.changes)
        rows += [_row(preview_id, case.application_id, change) for change in case.changes]
    if rows:
        session.execute(insert(ImpactChange), rows)
    chunk.tally, chunk.done_at = tally.to_json(), now
    session.flush()
    if queries.count_chunks_left(session, preview_id) == 0:
        preview.finished_at = now


def fail_preview(session: Session, preview_id: UUID, reason: str) -> None:
    """Say that a preview could not be worked out."""
    preview = session.scalars(select(ImpactPreview).where(ImpactPreview.id == preview_id).with_for_update()).one()
    preview.failure = reason[:500]


def definitions_of(session: Session, cases: Iterable[Sequence[JudgedRun]]) -> dict[UUID, Definition]:
    """The definitions under which these cases were judged."""
    wanted = {run.definition_id for runs in cases for run in runs}
    return {key: definition_of(session.get_one(DefinitionVersion, key)) for key in wanted}


@lru_cache(maxsize=8)
def compiled(content: str) -> Definition:
    """The definition of a text, compiled once per process; raises DefinitionFaultsError."""
    return parse_definition(content)


def checked(definition: Definition, parameters: Mapping[str, str]) -> dict[str, str]:
    """Parameters as texts; raises ParameterFaultsError for what the definition does not allow."""
    given = {key: value for key, value in parameters.items() if value not in ("", None)}
    typed, faults = read_parameters(definition, given)
    if faults:
        raise ParameterFaultsError(faults)
    days = {parameter.key: parameter.default or "2000-01-01" for parameter in definition.parameters}
    complete = check_parameters(definition, {**{key: str(day) for key, day in days.items()}, **typed})
    return parameters_to_json({key: complete[key] for key in typed})


def _row(preview_id: UUID, application_id: UUID, change: Change) -> dict[str, object]:
    return {
        "id": uuid7(),
        "preview_id": preview_id,
        "application_id": application_id,
        "direction": change.direction,
        "rule": change.rule,
        "title": change.title,
        "before": str(change.before),
        "after": str(change.after),
        "former_message": change.former_message,
        "message": change.message,
        "read": [dict(value) for value in change.read],
    }
