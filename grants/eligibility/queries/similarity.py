"""Finding earlier texts by their bands; sketches that are to be made; stock phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import TextClause, and_, or_, select, text, tuple_
from sqlalchemy.orm import Session

from grants.applications.models import Application, Revision
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.eligibility.models import StockPhrases, TextSketch
from grants.kernel.errors import NotFoundError
from grants.programmes.models import DefinitionVersion

Band = tuple[int, int]

PER_BAND = 200  # sketches looked at in one band, the newest first: what more of them share is a stock phrase
COUNTED = 400  # sketches with the most bands in common, before it is asked whose they are
CANDIDATES = 50  # texts that are compared in full
TERMS = 400  # bands asked for in one statement; SQLite takes 500


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A text of another application, submitted before: whose, and the bare text."""

    application: str
    title: str
    organisation_id: UUID
    revision_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Unsketched:
    """A revision in force of which there is no sketch, or a stale one; ``content`` is its canonical JSON."""

    application_id: UUID
    revision_id: UUID
    definition_id: UUID
    content: str


def find_alike(session: Session, bands: Sequence[Band], *, before: Application) -> Sequence[EarlierText]:
    """Earlier texts that have bands in common with a text, those with the most first, ``CANDIDATES`` at most.

    Of all programmes and years; not of applications that were withdrawn, nor of ``before`` itself. What is read is
    bounded whatever there is: ``PER_BAND`` rows for each band.
    """
    hits: Counter[int] = Counter()
    for start in range(0, len(bands), TERMS):
        hits.update(_count_hits(session, bands[start : start + TERMS]))
    likely = [sketch for sketch, _ in sorted(hits.items(), key=lambda hit: (-hit[1], -hit[0]))[:COUNTED]]
    earlier = tuple_(Application.submitted_at, Application.id) < (before.submitted_at, before.id)
    query = (
        select(TextSketch.id)
        .join(Application, Application.id == TextSketch.application_id)
        .where(TextSketch.id.in_(likely), Application.id != before.id, earlier)
        .where(Application.state != ApplicationState.WITHDRAWN)
    )
    allowed = set(session.scalars(query)) if likely else set()
    return _read_texts(session, [sketch for sketch in likely if sketch in allowed][:CANDIDATES])


def _count_hits(session: Session, bands: Sequence[Band]) -> dict[int, int]:
    values = {f"n{place}": number for place, (number, _) in enumerate(bands)}
    values |= {f"h{place}": value for place, (_, value) in enumerate(bands)}
    return {hit.sketch_id: hit.hits for hit in session.execute(_statement(len(bands)), values)}


@cache
def _statement(count: int) -> TextClause:
    one = (
        "SELECT * FROM (SELECT sketch_id FROM text_band WHERE band_no = :n{0} AND band_hash = :h{0} "
        f"ORDER BY sketch_id DESC LIMIT {PER_BAND}) b{{0}}"
    )
    every = " UNION ALL ".join(one.format(place) for place in range(count))
    return text(
        f"SELECT sketch_id, count(*) AS hits FROM ({every}) found GROUP BY sketch_id "
        f"ORDER BY hits DESC, sketch_id DESC LIMIT {COUNTED}"
    )


def _read_texts(session: Session, sketches: Sequence[int]) -> Sequence[EarlierText]:
    if not sketches:
        return []
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
    found = {row[0]: EarlierText(row[1] or "", *row[2:]) for row in session.execute(query)}
    return [found[sketch] for sketch in sketches]


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


def list_comparing(session: Session) -> Sequence[DefinitionVersion]:
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
