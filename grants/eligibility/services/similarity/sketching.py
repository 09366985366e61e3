"""MinHash of a compared text, cut into bands: what texts that share passages are found by.

Of the whole text and, so that a short text within a long one is found as well, of parts of it. Loaded where a text is
sketched and not before: ``datasketch`` brings numpy and scipy, half a second and 65 MB that no web process needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from datasketch import MinHash
from datasketch.hashfunc import sha1_hash32

from grants.programmes.domain.similarity import SHINGLE

Band = tuple[int, int]  # its number, and two least hashes in one signed 64-bit number

SEED = 310_000  # the same in every process and release: sketches are kept
SCHEME = "affine32"  # of datasketch: what the kept sketches were made by
ROWS = 2  # least hashes in a band
WHOLE_BANDS = 96
PART_BANDS = 8
PART_LEAST, PART_MOST = 160, 480  # shingles
CUT = 128  # a part ends at about every so manieth shingle, wherever it stands in the text

_WHOLE = MinHash(num_perm=WHOLE_BANDS * ROWS, seed=SEED, scheme=SCHEME).permutations
_PART = _WHOLE[:, : PART_BANDS * ROWS]


def bands_of(bare_text: str, left_out: Set[str]) -> tuple[Band, ...]:
    """The bands of a bare text without the shingles left out, in order, each once; none for a blank text.

    Numbers from 0 are bands of the whole text, those from ``WHOLE_BANDS`` of any part of it.
    """
    hashes = [value for line in bare_text.split("\n") for value in _hashes(line, left_out)]
    found = set(_bands(set(hashes), WHOLE_BANDS, first_no=0))
    for part in _parts(hashes):
        found.update(_bands(set(part), PART_BANDS, first_no=WHOLE_BANDS))
    return tuple(sorted(found))


def _hashes(line: str, left_out: Set[str]) -> list[int]:
    every = (line[start : start + SHINGLE] for start in range(len(line) - SHINGLE + 1))
    return [sha1_hash32(shingle.encode()) for shingle in every if shingle not in left_out]


def _parts(hashes: Sequence[int]) -> Iterator[Sequence[int]]:
    start = 0
    for end, value in enumerate(hashes, 1):
        if end - start >= PART_MOST or (end - start >= PART_LEAST and value % CUT == 0):
            yield hashes[start:end]
            start = end
    if start < len(hashes):
        yield hashes[start:]


def _bands(hashes: Set[int], count: int, *, first_no: int) -> Iterator[Band]:
    if not hashes:
        return
    permutations = _WHOLE if count == WHOLE_BANDS else _PART
    sketch = MinHash(hashfunc=int, permutations=permutations, num_perm=count * ROWS, scheme=SCHEME)
    sketch.update_batch(hashes)
    least = [int(value) for value in sketch.hashvalues]
    for number in range(count):
        high, low = least[number * ROWS], least[number * ROWS + 1]
        band = high << 32 | low
        yield first_no + number, band - (1 << 64) if band >> 63 else band
