"""Keeping sketches: one for each application, replaced with its bands."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from grants.db import insert_many
from grants.eligibility.models import TextBand, TextSketch
from grants.eligibility.queries.similarity import BAND_COLUMNS, Band

_BAND = struct.Struct("<hq")
_BY_KEY = delete(TextBand).where(
    TextBand.band_no == bindparam("n"), TextBand.band_hash == bindparam("h"), TextBand.sketch_id == bindparam("s")
)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of the texts of a revision."""

    application_id: UUID
    revision_id: UUID
    programme_id: UUID
    text: str
    bands: tuple[Band, ...]


def store_sketches(session: Session, sketches: Sequence[Sketch], *, now: datetime) -> int:
    """Keep sketches instead of former ones of the same applications; returns how many were not there already.

    The caller holds the applications' locks. What is there for the same revision and is not stale stays.
    """
    ids = [sketch.application_id for sketch in sketches]
    query = select(TextSketch).where(TextSketch.application_id.in_(ids))
    former = {kept.application_id: kept for kept in session.scalars(query)}
    new = [sketch for sketch in sketches if not _is_kept(former.get(sketch.application_id), sketch)]
    rows = [former.get(sketch.application_id) or TextSketch(application_id=sketch.application_id) for sketch in new]
    had = [frozenset(unpack(row.bands)) if row.bands else frozenset[Band]() for row in rows]
    for row, sketch in zip(rows, new, strict=True):
        row.revision_id, row.programme_id = sketch.revision_id, sketch.programme_id
        row.text, row.bands, row.stale, row.made_at = sketch.text, pack(sketch.bands), False, now
    session.add_all(rows)
    session.flush()
    changes = [(row.id, before, frozenset(sketch.bands)) for row, before, sketch in zip(rows, had, new, strict=True)]
    _forget_bands(session, [(*band, key) for key, before, after in changes for band in sorted(before - after)])
    added = sorted((*band, key) for key, before, after in changes for band in after - before)
    insert_many(session, TextBand.__table__, BAND_COLUMNS, added)  # in the order of the index: each page of it once
    return len(new)


def remove_sketches(session: Session, sketches: Collection[TextSketch]) -> None:
    """Delete sketches with their bands."""
    _forget_bands(session, [(*band, sketch.id) for sketch in sketches for band in unpack(sketch.bands)])
    for sketch in sketches:
        session.delete(sketch)
    session.flush()


def _forget_bands(session: Session, keys: Sequence[tuple[int, int, int]]) -> None:
    if keys:
        session.connection().execute(_BY_KEY, [{"n": number, "h": value, "s": key} for number, value, key in keys])


def _is_kept(former: TextSketch | None, sketch: Sketch) -> bool:
    return former is not None and former.revision_id == sketch.revision_id and not former.stale


def pack(bands: Sequence[Band]) -> bytes:
    """Bands in one piece, ten bytes each."""
    return b"".join(_BAND.pack(*band) for band in bands)


def unpack(packed: bytes) -> list[Band]:
    """What ``pack`` has put into one piece."""
    return [(number, value) for number, value in _BAND.iter_unpack(packed)]
