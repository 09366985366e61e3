"""Finding earlier texts by their bands; sketches that are to be made; stock phrases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from grants.applications.models import Application, Revision, visible_to
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import count_by_keys
from grants.eligibility.models import Finding, StockPhrases, TextBand, TextSketch
from grants.eligibility.queries.checks import latest_findings
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError
from grants.programmes.models import DefinitionVersion

Band = tuple[int, int]

PER_BAND = 200  # sketches looked at in one band, the newest first: what more of them share is a stock phrase
COUNTED = 200  # sketches with the most bands in common, before it is asked whose they are
CANDIDATES, LATER = 50, 20  # texts that are compared in full
BAND_COLUMNS = ("band_no", "band_hash", "sketch_id")


@dataclass(frozen=True, slots=True)
class OtherText:
    """The bare text of another application, and whose it is."""

    application: str
    title: str
    organisation_id: UUID
    revision_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Texts worth comparing with one: of what was submitted before it, and of what was submitted after it and has been
    checked before it."""

    earlier: Sequence[OtherText]
    later: Sequence[OtherText]


@dataclass(frozen=True, slots=True)
class Unsketched:
    """A revision in force of which there is no sketch, or a stale one; ``content`` is its canonical JSON."""

    application_id: UUID
    revision_id: UUID
    definition_id: UUID
    content: str


def find_alike(session: Session, bands: Sequence[Band], *, to: Application) -> Alike:
    """The texts of other applications that have bands in common with one, those with the most first.

    Of all programmes and years; not of applications that were withdrawn. What is read is bounded whatever there is:
    ``PER_BAND`` rows for each band.
    """
    hits = count_by_keys(session, TextBand.__table__, BAND_COLUMNS, bands, per_key=PER_BAND)
    likely = [sketch for sketch, _ in sorted(hits.items(), key=lambda hit: (-hit[1], -hit[0]))[:COUNTED]]
    query = (
        select(TextSketch.id, Application.submitted_at, Application.id)
        .join(Application, Application.id == TextSketch.application_id)
        .where(TextSketch.id.in_(likely), Application.id != to.id, Application.state != ApplicationState.WITHDRAWN)
    )
    own = (to.submitted_at, to.id)
    is_earlier = {row[0]: (row[1], row[2]) < own for row in session.execute(query)} if likely else {}
    earlier = [sketch for sketch in likely if is_earlier.get(sketch) is True][:CANDIDATES]
    later = [sketch for sketch in likely if is_earlier.get(sketch) is False][:LATER]
    texts = _read_texts(session, earlier + later)
    return Alike([texts[sketch] for sketch in earlier], [texts[sketch] for sketch in later])


def _read_texts(session: Session, sketches: Sequence[int]) -> Mapping[int, OtherText]:
    if not sketches:
        return {}
    query = (
        select(
            TextSketch.id,
            Application.ref,
            Application.title,
            Application.organisation_id,
            TextSketch.revision_id,
            TextSketch.text,
        )
        .join(Application, Application.id == TextSketch.application_id)
        .where(TextSketch.id.in_(sketches))
    )
    return {row[0]: OtherText(row[1] or "", *row[2:]) for row in session.execute(query)}


def find_stock(session: Session, programme_id: UUID) -> StockPhrases | None:
    """The stock phrases of a programme that are in force; None while too few have applied."""
    query = select(StockPhrases).where(StockPhrases.programme_id == programme_id)
    return session.scalars(query.order_by(StockPhrases.id.desc()).limit(1)).one_or_none()


def get_stock(session: Session, stock_id: int) -> StockPhrases:
    """The stock phrases that a comparison left out; raises NotFoundError."""
    found = session.get(StockPhrases, stock_id)
    if found is None:
        raise NotFoundError(stock=stock_id)
    return found


def list_pinned(session: Session) -> Sequence[DefinitionVersion]:
    """The versions that calls pin, of all programmes."""
    return session.scalars(
        select(DefinitionVersion)
        .where(DefinitionVersion.id.in_(select(Call.definition_id)))
        .order_by(DefinitionVersion.id)
    ).all()


def list_unsketched(
    session: Session, definition_ids: Collection[UUID], *, after: UUID | None, limit: int
) -> Sequence[Unsketched]:
    """Submitted applications of these versions whose revision in force has no sketch, or a stale one; by their key."""
    missing = or_(TextSketch.id.is_(None), TextSketch.stale, TextSketch.revision_id != Revision.id)
    query = (
        select(Application.id, Revision.id, Call.definition_id, Revision.content)
        .join(Call, Call.id == Application.call_id)
        .join(Revision, and_(Revision.application_id == Application.id, Revision.number == Application.revision_no))
        .outerjoin(TextSketch, TextSketch.application_id == Application.id)
        .where(Call.definition_id.in_(definition_ids), Application.ref.is_not(None), missing)
        .where(Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Application.id > after)
    return [Unsketched(*row) for row in session.execute(query)]


def list_withdrawn_sketches(session: Session, *, limit: int) -> Sequence[TextSketch]:
    """Sketches of applications that were withdrawn since."""
    query = (
        select(TextSketch)
        .join(Application, Application.id == TextSketch.application_id)
        .where(Application.state == ApplicationState.WITHDRAWN)
    )
    return session.scalars(query.order_by(TextSketch.id).limit(limit)).all()


def list_sample(
    session: Session, programme_id: UUID, *, organisations: int, until: datetime
) -> Sequence[tuple[UUID, str]]:
    """The newest application of each of so many organisations that applied last: version of the definition, content."""
    recent = (
        select(Application.id, Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .join(DefinitionVersion, DefinitionVersion.id == Call.definition_id)
        .where(DefinitionVersion.programme_id == programme_id, Application.submitted_at <= until)
        .where(Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.id.desc())
        .limit(organisations * 5)
    )
    newest: dict[UUID, UUID] = {}
    for application_id, organisation_id in session.execute(recent):
        newest.setdefault(organisation_id, application_id)
    query = (
        select(Call.definition_id, Revision.content)
        .join(Application, and_(Application.id == Revision.application_id, Application.revision_no == Revision.number))
        .join(Call, Call.id == Application.call_id)
        .where(Application.id.in_(list(newest.values())[:organisations]))
        .order_by(Application.id)
    )
    return [(definition_id, content) for definition_id, content in session.execute(query)]


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two texts that a check has compared: its row of evidence, and both revisions.

    ``visible``: whether the reader may see the other application itself; otherwise its text and number are all.
    """

    row: Mapping[str, Any]
    own: Revision
    other: Revision
    visible: bool
    stock: StockPhrases | None


def get_compared(session: Session, application: Application, other_ref: str, actor: Actor) -> ComparedPair:
    """The comparison of an application with another one, as its check in force has made it.

    That the check names the other text is what opens it: NotFoundError for any other application.
    """
    row = _row_of(latest_findings(session, application), other_ref)
    other = session.scalars(
        select(Revision)
        .join(Application, Application.id == Revision.application_id)
        .where(Application.ref == other_ref, Revision.id == UUID(str(row["revision"])))
        .options(joinedload(Revision.application).joinedload(Application.call).joinedload(Call.definition))
        .options(joinedload(Revision.application).joinedload(Application.organisation))
    ).one_or_none()
    if other is None:
        raise NotFoundError(application=other_ref)
    visible = select(Application.id).where(Application.id == other.application_id, visible_to(actor))
    return ComparedPair(
        row=row,
        own=current_revision(session, application),
        other=other,
        visible=session.scalar(visible) is not None,
        stock=get_stock(session, int(row["stock"])) if row["stock"] else None,
    )


def _row_of(findings: Sequence[Finding], other_ref: str) -> Mapping[str, Any]:
    used = [used for finding in findings for used in finding.evidence if used["root"] == "earlier_texts"]
    rows = [row for found in used for row in found["record"] or () if "revision" in row]
    row = next((row for row in rows if row["application"] == other_ref), None)
    if row is None:
        raise NotFoundError(application=other_ref)
    return row
