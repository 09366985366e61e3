"""What two texts and two lists of rows have in common: word by word, row by row.

Every comparison can be read back: ``old_text`` and ``new_text`` of the pieces are the two texts, and the rows of the
changes, those gone left out, are the new rows in order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

WORD = re.compile(r"[0-9A-Za-z_]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)  # a Chinese character is a word of its own
SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]?")
MOST_STEPS = 250_000  # words of the one text times words of the other; beyond that sentences are compared first
STRAY = 2  # so few words in common between two changes only make them harder to read


class Kept(StrEnum):
    """Whether a piece, a row or a file is in both, only in the old one, only in the new one."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text."""

    kept: Kept
    text: str


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A row by its id and its places in the old and the new list, counted from 0; None where it is not in that list.

    ``moved``: it stands elsewhere among the rows that both lists have.
    """

    id: str
    old: int | None
    new: int | None
    moved: bool = False


def compare_texts(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of which both texts are made, word by word; Chinese by character."""
    return tuple(_joined(_unstray(_compare(_words(old), _words(new)))))


def old_text(pieces: Iterable[Piece]) -> str:
    """The text before."""
    return "".join(piece.text for piece in pieces if piece.kept is not Kept.NEW)


def new_text(pieces: Iterable[Piece]) -> str:
    """The text after."""
    return "".join(piece.text for piece in pieces if piece.kept is not Kept.GONE)


def match_rows(old: Sequence[str], new: Sequence[str]) -> tuple[RowMatch, ...]:
    """Rows by id in the new order, each one that is gone before the row that it stood before.

    As few rows as possible count as moved: those outside the longest run that kept its order.
    """
    places_old, places_new = _places(old), _places(new)
    stayed = _longest_run([row for row in new if row in places_old], places_old)
    found: list[RowMatch] = []
    pending = [row for row in old if row not in places_new]
    for place, row in enumerate(new):
        if row not in places_old:
            found.append(RowMatch(row, None, place))
            continue
        if row in stayed:
            found += _gone_before(pending, places_old, places_old[row])
        found.append(RowMatch(row, places_old[row], place, moved=row not in stayed))
    return (*found, *_gone_before(pending, places_old, len(old)))


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    before, after = _shared_ends(old, new)
    yield Piece(Kept.SAME, "".join(old[:before]))
    yield from _compare_middle(old[before : len(old) - after], new[before : len(new) - after])
    yield Piece(Kept.SAME, "".join(old[len(old) - after :]))


def _compare_middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if len(old) * len(new) <= MOST_STEPS:
        yield from _pieces(old, new)
        return
    for piece in _in_pairs(_pieces(_sentences(old), _sentences(new))):
        gone, came = _words(piece[0]), _words(piece[1])
        if piece[0] == piece[1]:
            yield Piece(Kept.SAME, piece[0])
        elif len(gone) * len(came) <= MOST_STEPS:
            yield from _pieces(gone, came)
        else:
            yield from (Piece(Kept.GONE, piece[0]), Piece(Kept.NEW, piece[1]))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Kept.SAME, "".join(old[old_from:old_to]))
            continue
        yield Piece(Kept.GONE, "".join(old[old_from:old_to]))
        yield Piece(Kept.NEW, "".join(new[new_from:new_to]))


def _sentences(words: Sequence[str]) -> list[str]:
    return [sentence for sentence in SENTENCE.findall("".join(words)) if sentence]


def _in_pairs(pieces: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    """Old and new text of each stretch: the same twice, or what is gone with what came in its place."""
    for same, group in groupby(pieces, key=lambda piece: piece.kept is Kept.SAME):
        stretch = list(group)
        yield (old_text(stretch), old_text(stretch)) if same else (old_text(stretch), new_text(stretch))


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many words the two begin with and end with in common."""
    shorter = min(len(old), len(new))
    before = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    left = shorter - before
    after = next((place for place in range(left) if old[-1 - place] != new[-1 - place]), left)
    return before, after


def _unstray(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces with a few words between two changes counted as changed."""
    given = [piece for piece in pieces if piece.text]
    for place, piece in enumerate(given):
        inside = 0 < place < len(given) - 1
        if piece.kept is Kept.SAME and inside and len(_words(piece.text)) < STRAY and "\n" not in piece.text:
            yield from (Piece(Kept.GONE, piece.text), Piece(Kept.NEW, piece.text))
        else:
            yield piece


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """What is gone before what came, in one piece each."""
    for same, group in groupby(pieces, key=lambda piece: piece.kept is Kept.SAME):
        stretch = list(group)
        parts = (
            [Piece(Kept.SAME, new_text(stretch))]
            if same
            else [Piece(Kept.GONE, old_text(stretch)), Piece(Kept.NEW, new_text(stretch))]
        )
        yield from (part for part in parts if part.text)


def _places(rows: Iterable[str]) -> Mapping[str, int]:
    return {row: place for place, row in enumerate(rows)}


def _longest_run(rows: Sequence[str], places: Mapping[str, int]) -> frozenset[str]:
    """The longest choice of rows whose former places rise."""
    ends: list[int] = []  # former place of the last row of the best run of each length
    lengths: list[int] = []
    for row in rows:
        length = bisect_left(ends, places[row])
        ends[length : length + 1] = [places[row]]
        lengths.append(length)
    run: list[str] = []
    wanted = len(ends) - 1
    for row, length in zip(reversed(rows), reversed(lengths), strict=True):
        if length == wanted and (not run or places[row] < places[run[-1]]):
            run.append(row)
            wanted -= 1
    return frozenset(run)


def _gone_before(pending: list[str], places: Mapping[str, int], place: int) -> Iterator[RowMatch]:
    while pending and places[pending[0]] < place:
        row = pending.pop(0)
        yield RowMatch(row, places[row], None)
