"""Reading previews of impact and the cases they are worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.applications.models import Application, Revision
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.eligibility.domain.impact import ImpactTally, Verdict, tally_from_json
from grants.eligibility.models import EligibilityRun, Finding, ImpactChange, ImpactChunk, ImpactPreview
from grants.eligibility.states import ImpactDirection, RunKind
from grants.kernel.errors import NotFoundError
from grants.programmes.models import DefinitionVersion, Programme


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A run in effect of a revision in force: its texts, its definition, what it found."""

    application_id: UUID
    ref: str
    kind: RunKind
    definition_id: UUID
    case: str
    evidence: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class ImpactStanding:
    """How far a preview is and what has come of it so far."""

    total: int | None
    done: int
    tally: ImpactTally

    @property
    def percent(self) -> int:
        """How much is done, in percent."""
        return 100 * self.done // self.total if self.total else 0


def list_case_ids(session: Session, programme_id: UUID, *, call_id: UUID | None = None) -> Sequence[UUID]:
    """The applications of a programme, or of one call, that have been judged, in the order of their keys."""
    return session.scalars(_cases(programme_id, call_id)).all()


def list_case_ids_between(session: Session, preview: ImpactPreview, first: UUID, last: UUID) -> Sequence[UUID]:
    """Those of a preview's cases whose key lies in a range, both ends included."""
    query = _cases(preview.programme_id, preview.call_id).where(Application.id.between(first, last))
    return session.scalars(query).all()


def list_latest_cases(session: Session, programme_id: UUID, *, limit: int) -> Sequence[UUID]:
    """The applications of a programme that were made last and have been judged."""
    query = _cases(programme_id, None).order_by(None).order_by(Application.id.desc()).limit(limit)
    return session.scalars(query).all()


def _cases(programme_id: UUID, call_id: UUID | None) -> Select[UUID]:
    query = (
        select(Application.id)
        .join(Application.call)
        .join(Call.definition)
        .where(DefinitionVersion.programme_id == programme_id)
        .where(select(EligibilityRun.id).where(EligibilityRun.application_id == Application.id).exists())
        .order_by(Application.id)
    )
    return query if call_id is None else query.where(Application.call_id == call_id)


def list_judged_runs(session: Session, application_ids: Sequence[UUID]) -> list[list[JudgedRun]]:
    """The runs in effect of these applications' revisions in force, case by case, with what each found: two queries."""
    query = (
        select(
            EligibilityRun.id,
            EligibilityRun.application_id,
            Application.ref,
            EligibilityRun.kind,
            EligibilityRun.definition_id,
            EligibilityRun.case,
            EligibilityRun.evidence,
        )
        .join(EligibilityRun.application)
        .join(EligibilityRun.revision)
        .where(EligibilityRun.application_id.in_(application_ids), EligibilityRun.superseded_at.is_(None))
        .where(Revision.number == Application.revision_no)
        .order_by(EligibilityRun.application_id, EligibilityRun.finished_at, EligibilityRun.id)
    )
    runs = session.execute(query).all()
    verdicts = _verdicts(session, [run.id for run in runs])
    cases: dict[UUID, list[JudgedRun]] = defaultdict(list)
    for run in runs:
        found = tuple(verdicts[run.id])
        cases[run.application_id].append(
            JudgedRun(run.application_id, run.ref or "", run.kind, run.definition_id, run.case, run.evidence, found)
        )
    return list(cases.values())


def _verdicts(session: Session, run_ids: Sequence[UUID]) -> Mapping[UUID, list[Verdict]]:
    columns = (
        Finding.rule,
        Finding.title,
        Finding.severity,
        Finding.verdict,
        Finding.cause,
        Finding.due,
        Finding.message,
    )
    query = (
        select(Finding.run_id, *columns).where(Finding.run_id.in_(run_ids)).order_by(Finding.run_id, Finding.position)
    )
    found: dict[UUID, list[Verdict]] = defaultdict(list)
    for row in session.execute(query):
        found[row[0]].append(Verdict(*row[1:]))
    return found


def get_preview(session: Session, preview_id: UUID) -> ImpactPreview:
    """A preview with its programme, call and asker; raises NotFoundError."""
    found = session.scalars(_previews().where(ImpactPreview.id == preview_id)).one_or_none()
    if found is None:
        raise NotFoundError(preview=str(preview_id))
    return found


def find_preview_of(session: Session, programme_id: UUID, fingerprint: str) -> ImpactPreview | None:
    """The latest preview of exactly this content over all cases of the programme, with no parameter replaced."""
    query = (
        _previews()
        .where(ImpactPreview.programme_id == programme_id, ImpactPreview.fingerprint == fingerprint)
        .where(ImpactPreview.call_id.is_(None), ImpactPreview.failure == "")
        .order_by(ImpactPreview.asked_at.desc(), ImpactPreview.id.desc())
        .limit(20)
    )
    return next((found for found in session.scalars(query) if not found.parameters), None)


def list_previews(
    session: Session, programme: Programme, *, after: str | None = None, before: str | None = None
) -> Page[ImpactPreview]:
    """A page of the previews of a programme, the newest first."""
    query = _previews().where(ImpactPreview.programme_id == programme.id)
    key = (ImpactPreview.asked_at, ImpactPreview.id)
    return paginate(session, query, key=key, after=after, before=before, descending=True)


def standing_of_preview(session: Session, preview: ImpactPreview) -> ImpactStanding:
    """How far it is, from the chunks that are done."""
    query = select(ImpactChunk.size, ImpactChunk.tally).where(
        ImpactChunk.preview_id == preview.id, ImpactChunk.done_at.is_not(None)
    )
    done, tally = 0, ImpactTally()
    for size, stored in session.execute(query):
        done += size
        tally.add(tally_from_json(stored))
    return ImpactStanding(preview.total, done, tally)


def count_chunks_left(session: Session, preview_id: UUID) -> int:
    """How many chunks are still to be done."""
    query = select(func.count()).where(ImpactChunk.preview_id == preview_id, ImpactChunk.done_at.is_(None))
    return session.scalar(query) or 0


def list_changes(
    session: Session,
    preview: ImpactPreview,
    *,
    rule: str | None = None,
    direction: ImpactDirection | None = None,
    after: str | None = None,
    before: str | None = None,
) -> Page[ImpactChange]:
    """A page of what changes, in the order in which it was worked out, with its application and unit."""
    query = (
        select(ImpactChange)
        .join(ImpactChange.application)
        .options(contains_eager(ImpactChange.application).joinedload(Application.organisation))
        .where(ImpactChange.preview_id == preview.id)
    )
    if rule:
        query = query.where(ImpactChange.rule == rule)
    if direction is not None:
        query = query.where(ImpactChange.direction == direction)
    return paginate(session, query, key=(ImpactChange.id,), after=after, before=before)


def list_calls_of(session: Session, programme: Programme) -> Sequence[Call]:
    """The calls of a programme, the newest first; drafts too, for what they would set can be previewed."""
    query = (
        select(Call)
        .join(Call.definition)
        .options(contains_eager(Call.definition))
        .where(DefinitionVersion.programme_id == programme.id)
        .order_by(Call.opens_at.desc(), Call.id)
        .limit(100)
    )
    return session.scalars(query).all()


def _previews() -> Select[ImpactPreview]:
    return (
        select(ImpactPreview)
        .join(ImpactPreview.programme)
        .options(
            contains_eager(ImpactPreview.programme),
            joinedload(ImpactPreview.call),
            joinedload(ImpactPreview.asker),
        )
    )
