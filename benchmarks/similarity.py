"""Similar texts: how well they are told from others, and what index and query cost as the texts grow in number."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, at_most, middle, p95
from benchmarks.workbench import Workbench
from grants.applications.models import Application
from grants.applications.queries import current_revision
from grants.db import db, reading, writing
from grants.eligibility.queries.similarity import Band
from grants.eligibility.services.similarity import (
    Sketch,
    earlier_texts_evidence,
    read_comparison,
    store_sketches,
)
from grants.eligibility.services.similarity.sketching import bands_of
from grants.kernel.clock import real_now
from grants.programmes.domain.similarity import bare_text
from grants.programmes.queries import definition_of
from tests.factories.eligibility import submit_case
from tests.support.alike import FIELDS, labelled_pairs, proposal, sentences, written
from tests.support.likeness import measure_likeness

SIZES = (1_000, 10_000, 100_000)
GOAL_MS = 50
GROWTH = 10  # times the time, at a hundred times the texts
QUERIES, PAIRS = 100, 100
BATCH = 2_000
SENTENCES, POOL = 16, 20_000  # in a text; in all, so that every text has sentences in common with about two hundred
COPIES = """
INSERT INTO application (id, call_id, organisation_id, created_by, created_at, state, state_since, title, requested_fen,
    ref, receipt_no, submitted_at, revision_no)
SELECT gen_random_uuid(), call_id, organisation_id, created_by, created_at, state, state_since, title, requested_fen,
    ref || '/' || n, receipt_no + n, submitted_at - n * interval '1 second', 1
FROM application, generate_series(:after + 1, :until) AS n WHERE application.id = :pattern
RETURNING id
"""
REVISIONS = """
INSERT INTO revision (id, application_id, number, content, sha256, submitted_by, submitted_at)
SELECT gen_random_uuid(), id, 1, '{}', repeat('0', 64), created_by, submitted_at FROM application
WHERE id = ANY(:applications) RETURNING id, application_id
"""


def figures(bench: Workbench) -> list[Figure]:
    """Figures of quality, then of time at each size."""
    found = quality(bench)
    medians = []
    with bench.app.app_context():
        with writing() as session:
            pattern = submit_case(session, code="hlw", now=real_now()).id
        db.session.remove()
        after = 0
        for size in (bench.scale.count(size, 100) for size in SIZES):
            seconds = grow(pattern, after, size)
            bench.execute("VACUUM ANALYZE text_band", "VACUUM ANALYZE text_sketch", "VACUUM ANALYZE application")
            found.append(Figure(f"texts indexed, up to {size:,}", (size - after) / seconds, "per second"))
            spent = ask(pattern, bench.scale.count(QUERIES, 20))
            medians.append(middle(spent))
            name = f"similar texts among {size:,}"
            found += [
                at_most(f"{name}: median", medians[-1], "ms", GOAL_MS),
                Figure(f"{name}: 95th percentile", p95(spent), "ms"),
            ]
            after = size
    grown = medians[-1] / medians[0]
    return [*found, at_most(f"similar texts: time at {SIZES[-1] // SIZES[0]} times the texts", grown, "x", GROWTH)]


def quality(bench: Workbench) -> list[Figure]:
    """Recall of every kind of copy, false alarms, precision; in per cent of the labelled pairs."""
    likeness = measure_likeness(labelled_pairs(bench.scale.count(PAIRS, 20)))
    found = []
    for kind in likeness.kinds:
        shown, failed = likeness.recall(kind.kind)
        found += [
            Figure(f"{kind.kind}: shown to the officer (from 30 %)", 100 * shown, "%"),
            Figure(f"{kind.kind}: over the threshold (from 85 %)", 100 * failed, "%"),
        ]
    return [
        *found,
        Figure("of what is shown belongs together", 100 * likeness.precision_shown, "%"),
        Figure("of what is over the threshold belongs together", 100 * likeness.precision_failed, "%"),
    ]


def grow(pattern: UUID, after: int, until: int) -> float:
    """Add applications and index a text of each, as ``flask eligibility index`` does, by as many processes as there are
    cores; seconds of sketching and writing, the making of texts and applications not counted."""
    with writing() as session:
        programme_id = session.get_one(Application, pattern).call.definition.programme_id
        added = session.scalars(text(COPIES), {"pattern": pattern, "after": after, "until": until}).all()
        revisions = session.execute(text(REVISIONS), {"applications": list(added)}).all()
    dice, pool = random.Random(until), sentence_pool()
    texts = [bare_text([written(dice.sample(pool, SENTENCES), boilerplate=False)]) for _ in revisions]
    begun = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(multiprocessing.cpu_count()) as workers:
        for number, bands in enumerate(workers.imap(_sketch_all, _batches(texts))):
            first = number * BATCH
            kept = [
                Sketch(application_id, revision_id, programme_id, words, found)
                for (revision_id, application_id), words, found in zip(
                    revisions[first : first + BATCH], texts[first : first + BATCH], bands, strict=True
                )
            ]
            with writing() as session:
                store_sketches(session, kept, now=real_now())
            db.session.remove()
    return time.perf_counter() - begun


def sentence_pool() -> list[str]:
    """Sentences that all texts are made of."""
    dice, topics = random.Random(0), sorted(FIELDS)
    return [found for n in range(POOL // 100) for found in sentences(dice, topics[n % len(topics)], 100)]


def ask(pattern: UUID, count: int) -> list[float]:
    """Milliseconds of so many comparisons, sketch to evidence: half of each text is taken from texts that are there."""
    dice, pool, spent = random.Random(count), sentence_pool(), []
    for _ in range(count + 3):
        halves = {
            "summary": written(dice.sample(pool, SENTENCES // 2), boilerplate=False),
            "innovation": written(proposal(dice, count=SENTENCES // 2)),
        }
        with reading() as session:
            begun = time.perf_counter()
            _compare(session, pattern, {"answers": halves})
            spent.append((time.perf_counter() - begun) * 1_000)
        db.session.remove()
    return spent[3:]


def _compare(session: Session, pattern: UUID, content: dict[str, Any]) -> None:
    application = session.get_one(Application, pattern)
    current_revision(session, application)
    comparison = read_comparison(session, application, definition_of(application.call.definition), content)
    assert comparison.bands
    earlier_texts_evidence(comparison, now=real_now())


def _batches(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]


def _sketch_all(texts: Sequence[str]) -> list[tuple[Band, ...]]:
    return list(map(partial(bands_of, left_out=frozenset()), texts))
