"""Texts that are much like earlier ones: found by bands of MinHash sketches in the database, scored exactly."""

from grants.eligibility.services.similarity.comparing import (
    Comparison,
    earlier_texts_evidence,
    later_alike,
    left_out_of,
    read_comparison,
)
from grants.eligibility.services.similarity.indexing import (
    Versions,
    comparing_versions,
    mark_stale,
    read_batch,
    refresh_stock,
    remove_withdrawn,
    sketch_batch,
    write_batch,
)
from grants.eligibility.services.similarity.keeping import keep_comparison
from grants.eligibility.services.similarity.storing import Sketch, store_sketches

__all__ = [
    "Comparison",
    "Sketch",
    "Versions",
    "comparing_versions",
    "earlier_texts_evidence",
    "keep_comparison",
    "later_alike",
    "left_out_of",
    "mark_stale",
    "read_batch",
    "read_comparison",
    "refresh_stock",
    "remove_withdrawn",
    "sketch_batch",
    "store_sketches",
    "write_batch",
]
