"""How much of one text stands in another: exact shingles of five characters, containment."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

SHINGLE = 5
_PLACES = Decimal("0.0001")


def shingle_similarity(text: str, earlier: str) -> Decimal:
    """Containment of the smaller set of shingles in the larger, from 0 to 1, four decimals half-up.

    Containment rather than Jaccard: a text copied whole into a longer one counts in full. Width, case, spacing and
    punctuation are ignored; texts of fewer than five characters are compared whole. Two blank texts have nothing
    in common.
    """
    first, second = shingles(text), shingles(earlier)
    smaller = min(len(first), len(second))
    if smaller == 0:
        return Decimal(0)
    return (Decimal(len(first & second)) / Decimal(smaller)).quantize(_PLACES, ROUND_HALF_UP)


def shingles(text: str) -> frozenset[str]:
    """Every run of five characters of the bare text."""
    bare = "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
    if not bare:
        return frozenset()
    return frozenset(bare[start : start + SHINGLE] for start in range(max(len(bare) - SHINGLE + 1, 1)))
