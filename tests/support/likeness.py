"""How well similar texts are found and told from others: recall and precision on the labelled set, by kind of copy.

Every later text is compared with all earlier ones that its bands find, as the product does it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from grants.eligibility.queries.similarity import CANDIDATES
from grants.eligibility.services.similarity.indexing import LEAST_USERS, STOCK_SHARE
from grants.eligibility.services.similarity.sketching import bands_of
from grants.programmes.domain.similarity import bare_text, overlap, shingles, stock_shingles
from tests.support.alike import Pair

SHOWN, FAILS = Decimal("0.3"), Decimal("0.85")


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Of one kind of pair: how many, how many found by their bands, shown and failed with their own earlier text."""

    kind: str
    alike: bool
    count: int
    found: int
    shown: int
    failed: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """All kinds, and of all pairs of texts that were shown (or failed) the share that belong together."""

    kinds: tuple[KindFigures, ...]
    precision_shown: float
    precision_failed: float

    def recall(self, kind: str) -> tuple[float, float]:
        """Shares of the pairs of a kind that were shown and that failed."""
        found = next(figures for figures in self.kinds if figures.kind == kind)
        return found.shown / found.count, found.failed / found.count


def measure_likeness(pairs: Sequence[Pair]) -> Likeness:
    """Sketch all earlier texts, look for every later one among them, and count."""
    left_out = _stock(pairs)
    earlier = [bare_text([pair.earlier]) for pair in pairs]
    sets = [shingles(text, left_out) for text in earlier]
    index: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, text in enumerate(earlier):
        for band in bands_of(text, left_out):
            index[band].append(place)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    told: Counter[tuple[str, bool]] = Counter()
    for place, pair in enumerate(pairs):
        text = bare_text([pair.text])
        own, bands = shingles(text, left_out), bands_of(text, left_out)
        hits = Counter(other for band in bands for other in index.get(band, ()))
        count = counts[pair.kind]
        count.update(count=1, found=place in hits)
        for other, _ in hits.most_common(CANDIDATES):
            share = overlap(own, sets[other]).share
            for name, threshold in (("shown", SHOWN), ("failed", FAILS)):
                if share >= threshold:
                    told[name, other == place and pair.alike] += 1
                    count[name] += other == place
    kinds = {pair.kind: pair.alike for pair in pairs}
    figures = tuple(
        KindFigures(kind, alike, *(counts[kind][name] for name in ("count", "found", "shown", "failed")))
        for kind, alike in kinds.items()
    )
    return Likeness(figures, _precision(told, "shown"), _precision(told, "failed"))


def _stock(pairs: Sequence[Pair]) -> frozenset[str]:
    """What the product would leave out: the earlier texts are those of as many organisations."""
    used = (shingles(bare_text([pair.earlier])) for pair in pairs)
    return stock_shingles(used, share=STOCK_SHARE, least=LEAST_USERS)


def _precision(told: Counter[tuple[str, bool]], name: str) -> float:
    right, wrong = told[name, True], told[name, False]
    return right / (right + wrong) if right + wrong else 1.0
