"""Which passages two texts share, marked in both of them as they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from grants.programmes.domain.similarity.shingles import SENTENCE_ENDS, SHINGLE, bare

LONG = 12  # characters: from here on a passage has a number that is the same on both sides
FIELD_END = "\0"
_TRIED = 20  # places of the other text at which a passage may begin; stock phrases have thousands


class Mark(StrEnum):
    """What a piece of text is."""

    OWN = "own"
    SHARED = "shared"
    LEFT_OUT = "left_out"  # the form's own words and stock phrases: not counted


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text as written; ``number`` of a long shared passage, the same on both sides, 0 for none.

    ``anchor``: the first piece of that number on its side.
    """

    text: str
    mark: Mark
    number: int = 0
    anchor: bool = False


@dataclass(frozen=True, slots=True)
class _Folded:
    """Bare characters, a line's end for the end of a sentence, and where each was written: (field, place)."""

    chars: str
    places: tuple[tuple[int, int], ...]


def mark_passages(
    first: Sequence[str], second: Sequence[str], left_out: Set[str]
) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The fields of both texts in pieces. Joined, the pieces of a field are the field.

    A passage begins at a shared shingle that is not left out and goes on while both texts are the same; of several
    places in the second text the one with the longest passage is taken.
    """
    one, other = _fold(first), _fold(second)
    shared = _whole(one.chars) & _whole(other.chars) - left_out
    own, its = _marked(one.chars, shared, left_out), _marked(other.chars, shared, left_out)
    own_numbers, its_numbers = [0] * len(own), [0] * len(its)
    count = 0
    for start, there, length in _shared(one.chars, other.chars, left_out):
        own[start : start + length] = its[there : there + length] = [Mark.SHARED] * length
        if length < LONG:
            continue
        count += not its_numbers[there]
        number = its_numbers[there] or count  # what was copied twice has one number
        for numbers, begin in ((own_numbers, start), (its_numbers, there)):
            numbers[begin : begin + length] = [known or number for known in numbers[begin : begin + length]]
    return _pieces(first, one, own, own_numbers), _pieces(second, other, its, its_numbers)


def _marked(chars: str, shared: Set[str], left_out: Set[str]) -> list[Mark]:
    marks = [Mark.OWN] * len(chars)
    for mark, wanted in ((Mark.LEFT_OUT, left_out), (Mark.SHARED, shared)):
        for place in _places(chars, wanted):
            marks[place : place + SHINGLE] = [mark] * SHINGLE
    return marks


def _whole(chars: str) -> Set[str]:
    every = (chars[start : start + SHINGLE] for start in range(len(chars) - SHINGLE + 1))
    return {shingle for shingle in every if shingle.isalnum()}


def _fold(fields: Sequence[str]) -> _Folded:
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    for field, text in enumerate(fields):
        for place, written in enumerate(text):
            for char in "\n" if written in SENTENCE_ENDS else bare(written):
                chars.append(char)
                places.append((field, place))
        chars.append(FIELD_END)
        places.append((field, len(text)))
    return _Folded("".join(chars), tuple(places))


def _places(chars: str, wanted: Set[str]) -> list[int]:
    return [start for start in range(len(chars) - SHINGLE + 1) if chars[start : start + SHINGLE] in wanted]


def _shared(one: str, other: str, left_out: Set[str]) -> list[tuple[int, int, int]]:
    """Passages of the first text, in its order: where they begin in either, and how long they are."""
    index: Mapping[str, list[int]] = _index(other, left_out)
    found, start = [], 0
    while start <= len(one) - SHINGLE:
        begins = index.get(one[start : start + SHINGLE], ())
        if not begins:
            start += 1
            continue
        length, there = max((_common(one, start, other, begin), -begin) for begin in begins[:_TRIED])
        found.append((start, -there, length))
        start += length - SHINGLE + 1  # the next may begin in what its last shingles have in common
    return found


def _index(text: str, left_out: Set[str]) -> Mapping[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for start in range(len(text) - SHINGLE + 1):
        shingle = text[start : start + SHINGLE]
        if shingle.isalnum() and shingle not in left_out:
            index[shingle].append(start)
    return index


def _common(one: str, start: int, other: str, begin: int) -> int:
    length = 0
    while start + length < len(one) and begin + length < len(other):
        char = one[start + length]
        if char != other[begin + length] or char == FIELD_END:
            break
        length += 1
    return length


def _pieces(fields: Sequence[str], folded: _Folded, marks: Sequence[Mark], numbers: Sequence[int]) -> list[list[Piece]]:
    written = [[(Mark.OWN, 0)] * len(text) for text in fields]
    previous: tuple[int, int, tuple[Mark, int]] | None = None
    for (field, place), mark, number in zip(folded.places, marks, numbers, strict=True):
        if place == len(fields[field]):
            continue  # the line's end
        look = (mark, number)
        written[field][place] = look
        if previous is not None and previous[0] == field and previous[2] == look:
            written[field][previous[1] : place] = [look] * (place - previous[1])  # punctuation within
        previous = (field, place, look)
    seen = {0}
    return [_grouped(text, looks, seen) for text, looks in zip(fields, written, strict=True)]


def _grouped(text: str, looks: Sequence[tuple[Mark, int]], seen: set[int]) -> list[Piece]:
    pieces, start = [], 0
    for (mark, number), run in groupby(looks):
        length = sum(1 for _ in run)
        pieces.append(Piece(text[start : start + length], mark, number, number not in seen))
        seen.add(number)
        start += length
    return pieces
