"""Bringing the index up to date: what everybody writes, sketches that are missing or stale, those of withdrawn texts.

Steps of one transaction each, so that hours of work can be broken off and taken up again and memory stays flat.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.eligibility.models import StockPhrases, TextSketch
from grants.eligibility.queries.similarity import (
    Unsketched,
    find_stock,
    list_pinned,
    list_sample,
    list_unsketched,
    list_withdrawn_sketches,
)
from grants.eligibility.services.similarity.comparing import compared_text, left_out_of, sketch
from grants.eligibility.services.similarity.storing import Sketch, remove_sketches, store_sketches
from grants.programmes.domain import Definition
from grants.programmes.domain.similarity import compared_fields, form_shingles, shingles, stock_shingles
from grants.programmes.queries import definition_of

BATCH = 500  # texts: with their revisions some ten megabytes
SAMPLE = 300  # organisations
LEAST_SAMPLE = 20  # with fewer nothing can be called common
STOCK_SHARE = Decimal("0.2")
LEAST_USERS = 8  # organisations that must use a phrase, however small the sample
GROWTH = Decimal("1.5")  # so many times the texts, and what is common is worked out anew


@dataclass(frozen=True, slots=True)
class ComparingVersion:
    """A version of a programme's definition that compares texts."""

    definition: Definition
    programme_id: UUID


Versions = Mapping[UUID, ComparingVersion]


def comparing_versions(session: Session) -> Versions:
    """The versions of definitions that compare texts and have a call, free of the transaction."""
    versions = ((row, definition_of(row)) for row in list_pinned(session))
    return {
        row.id: ComparingVersion(definition, row.programme_id)
        for row, definition in versions
        if compared_fields(definition)
    }


def refresh_stock(session: Session, versions: Versions, *, now: datetime, anew: bool = False) -> int:
    """Work out the stock phrases of every programme that has grown enough, or of all; returns of how many.

    Where they have changed the programme's sketches become stale.
    """
    programmes = sorted({version.programme_id for version in versions.values()})
    return sum(_refresh(session, programme_id, versions, now=now, anew=anew) for programme_id in programmes)


def _refresh(session: Session, programme_id: UUID, versions: Versions, *, now: datetime, anew: bool) -> bool:
    former = find_stock(session, programme_id)
    texts = session.scalar(select(func.count()).where(TextSketch.programme_id == programme_id)) or 0
    if former is not None and not anew and texts < former.texts * GROWTH:
        return False
    sample = list_sample(session, programme_id, organisations=SAMPLE, until=now)
    if len(sample) < LEAST_SAMPLE:
        return False
    found = stock_shingles(_sampled(sample, versions), share=STOCK_SHARE, least=LEAST_USERS)
    kept = "\n".join(sorted(found))
    if former is not None and former.shingles == kept and former.texts == texts:
        return False
    row = StockPhrases(
        programme_id=programme_id,
        made_at=now,
        organisations=len(sample),
        texts=max(texts, len(sample)),
        share_bp=int(STOCK_SHARE * 10_000),
        shingles=kept,
    )
    session.add(row)
    if former is None or former.shingles != kept:
        mark_stale(session, programme_id)
    session.flush()
    return True


def _sampled(sample: Sequence[tuple[UUID, str]], versions: Versions) -> Iterator[frozenset[str]]:
    forms: dict[UUID, frozenset[str]] = {}
    for definition_id, content in sample:
        if definition_id in versions:
            definition = versions[definition_id].definition
            form = forms.setdefault(definition_id, form_shingles(definition))
            yield shingles(compared_text(definition, json.loads(content)), form)


def mark_stale(session: Session, programme_id: UUID | None = None) -> None:
    """Have the sketches of a programme, or all, made anew; until then texts are found by what there is."""
    query = update(TextSketch).where(TextSketch.stale.is_(False)).values(stale=True)
    if programme_id is not None:
        query = query.where(TextSketch.programme_id == programme_id)
    session.execute(query, execution_options={"synchronize_session": "evaluate"})


def read_batch(
    session: Session, versions: Versions, *, after: UUID | None, limit: int = BATCH
) -> tuple[Sequence[Unsketched], Mapping[UUID, frozenset[str]]]:
    """The next texts to be sketched after an application, and what each version's comparison leaves out."""
    batch = list_unsketched(session, versions.keys(), after=after, limit=limit)
    used = {found.definition_id for found in batch}
    left_out = {
        key: left_out_of(versions[key].definition, find_stock(session, versions[key].programme_id)) for key in used
    }
    return batch, left_out


def sketch_batch(
    batch: Sequence[Unsketched], left_out: Mapping[UUID, frozenset[str]], versions: Versions
) -> list[Sketch]:
    """The sketches of a batch: the work, with no transaction open."""
    return [_sketch(found, versions[found.definition_id], left_out[found.definition_id]) for found in batch]


def _sketch(found: Unsketched, version: ComparingVersion, left_out: frozenset[str]) -> Sketch:
    text = compared_text(version.definition, json.loads(found.content))
    return Sketch(found.application_id, found.revision_id, version.programme_id, text, sketch(text, left_out))


def write_batch(session: Session, sketches: Sequence[Sketch], *, now: datetime) -> int:
    """Keep the sketches of a batch; returns how many were not there already.

    Locks the applications in the order of their keys; what was withdrawn or submitted again meanwhile is left for the
    next pass.
    """
    by_application = {made.application_id: made for made in sketches}
    query = (
        select(Application.id)
        .where(Application.id.in_(by_application), Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.id)
        .with_for_update()
    )
    return store_sketches(session, [by_application[key] for key in session.scalars(query)], now=now)


def remove_withdrawn(session: Session, *, limit: int = BATCH) -> int:
    """Delete sketches of applications that were withdrawn; returns how many. Nothing finds them any more anyway."""
    withdrawn = list_withdrawn_sketches(session, limit=limit)
    remove_sketches(session, withdrawn)
    return len(withdrawn)
