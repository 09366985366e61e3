"""How much of one text stands in another: bare texts, shingles of five characters, what is left out, shared passages.

Pure and exact. What is only probable - finding which earlier texts are worth comparing - is the stage's that does it.
"""

from grants.programmes.domain.similarity.form_words import (
    compared_fields,
    compared_threshold,
    continuing_fields,
    form_shingles,
)
from grants.programmes.domain.similarity.passages import Mark, Piece, mark_passages
from grants.programmes.domain.similarity.shingles import (
    LEAST_OWN,
    SHINGLE,
    Overlap,
    bare,
    bare_text,
    overlap,
    shingles,
    stock_shingles,
)

__all__ = [
    "LEAST_OWN",
    "SHINGLE",
    "Mark",
    "Overlap",
    "Piece",
    "bare",
    "bare_text",
    "compared_fields",
    "compared_threshold",
    "continuing_fields",
    "form_shingles",
    "mark_passages",
    "overlap",
    "shingles",
    "stock_shingles",
]
