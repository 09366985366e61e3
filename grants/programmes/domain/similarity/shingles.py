"""Bare texts, their shingles, and containment."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

SHINGLE = 5
LEAST_OWN = 40  # shingles: less than about a sentence of its own tells nothing about copying
SENTENCE_ENDS = "。！？；!?;\n"
_PLACES = Decimal("0.0001")
_ENDS = re.compile(f"[{SENTENCE_ENDS}]")


class _Folding(dict[int, str]):
    """What is left of a character: width and case folded, punctuation and spaces gone. Worked out once for each."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = left = "".join(char for char in folded if char.isalnum())
        return left


_FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many shingles two texts share, of how many the text with fewer has: the share is their containment."""

    shared: int
    smaller: int

    @property
    def share(self) -> Decimal:
        """From 0 to 1, four decimals half-up; 0 where the smaller text has fewer than ``LEAST_OWN`` shingles."""
        if self.smaller < LEAST_OWN:
            return Decimal(0)
        return (Decimal(self.shared) / Decimal(self.smaller)).quantize(_PLACES, ROUND_HALF_UP)


def bare(text: str) -> str:
    """Letters, digits and characters alone, width and case folded."""
    return text.translate(_FOLDING)


def bare_text(fields: Iterable[str]) -> str:
    """The bare sentences of several fields, a line each, so that no shingle reaches from one into the next: whoever
    puts sentences in another order has still copied all of them."""
    sentences = (bare(sentence) for field in fields for sentence in _ENDS.split(field))
    return "\n".join(sentence for sentence in sentences if sentence)


def shingles(bare_text: str, left_out: Set[str] = frozenset()) -> frozenset[str]:
    """Every run of five characters within a line of a bare text, without those that are left out."""
    return frozenset(
        line[start : start + SHINGLE] for line in bare_text.split("\n") for start in range(len(line) - SHINGLE + 1)
    ).difference(left_out)


def overlap(first: frozenset[str], second: frozenset[str]) -> Overlap:
    """What two sets of shingles share.

    Containment rather than Jaccard: a text copied whole into a longer one counts in full.
    """
    return Overlap(len(first & second), min(len(first), len(second)))


def stock_shingles(by_organisation: Iterable[frozenset[str]], *, share: Decimal, least: int) -> frozenset[str]:
    """The shingles that at least this share of the organisations use, each however often; never fewer than ``least``.

    Organisations rather than applications: what one applicant repeats from year to year is its own.
    """
    counts: Counter[str] = Counter()
    looked_at = 0
    for used in by_organisation:
        counts.update(used)
        looked_at += 1
    needed = max(least, int((share * looked_at).to_integral_value(ROUND_CEILING)))
    return frozenset(shingle for shingle, count in counts.items() if count >= needed)
