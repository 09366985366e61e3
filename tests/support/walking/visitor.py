"""What a visitor can do, and the few things both kinds share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_REF = re.compile(r"[A-Z]{3}-20\d\d-\d\d(-\d{4})?")
_ROW = re.compile(r"\br[0-9a-f]{8,10}\b")
_SHA = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class File:
    """A file to choose in a file field."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered to a visitor who did not leave the page for it."""

    status: int
    content_type: str
    content: bytes


Typed = str | date | bool | Sequence[str] | File


class Visitor(Protocol):
    """One person at one browser."""

    @property
    def path(self) -> str:
        """Where they are, with the query."""

    @property
    def status(self) -> int:
        """The status the page came with."""

    @property
    def words(self) -> str:
        """Everything the page says, without any white space."""

    def open(self, path: str) -> None:
        """Go to an address."""

    def names(self) -> list[str]:
        """Names of the inputs on the page, in order."""

    def links(self, part: str) -> list[str]:
        """Paths of the page's links that contain ``part``, in order, each once."""

    def fill(self, values: Mapping[str, Typed], *, within: str = "") -> None:
        """Fill in inputs by name; a date goes into its three parts, a sequence ticks boxes, ``within`` is an id."""

    def press(self, label: str, *, within: str = "") -> None:
        """Press the button of that name and arrive where it leads."""

    def hand_in(self, name: str, file: File, *, slot: str) -> None:
        """Choose a file in a slot and wait until it is there."""

    def fetch(self, path: str) -> Fetched:
        """What an address gives this person."""

    def picture(self, name: str) -> None:
        """Keep a picture of the page at both widths, where there is something to see."""

    def leave(self) -> None:
        """Close the browser."""


def spaceless(text: str) -> str:
    """The text without white space: how a page breaks its lines is not what is tested."""
    return "".join(text.split())


def says(visitor: Visitor, *sentences: str) -> None:
    """Assert that the page says each of the sentences."""
    missing = [sentence for sentence in sentences if spaceless(sentence) not in visitor.words]
    assert not missing, f"{visitor.path} ({visitor.status}) does not say {missing}; it says: {visitor.words[:3000]}"


def silent(visitor: Visitor, *sentences: str) -> None:
    """Assert that the page says none of them."""
    told = [sentence for sentence in sentences if spaceless(sentence) in visitor.words]
    assert not told, f"{visitor.path} says {told}"


def arrived(visitor: Visitor, part: str) -> None:
    """Assert that the page is one whose address contains ``part``, and that it is well."""
    assert part in visitor.path, f"{visitor.path} ({visitor.status}), not {part}: {visitor.words[:3000]}"
    assert visitor.status == 200, f"{visitor.path} answered {visitor.status}: {visitor.words[:3000]}"


def parts_of(name: str, value: Typed) -> dict[str, Typed]:
    """A value by the names of the inputs that take it."""
    if isinstance(value, date):
        return {f"{name}-y": str(value.year), f"{name}-m": str(value.month), f"{name}-d": str(value.day)}
    return {name: value}


def shape_of(path: str) -> str:
    """The address without ids, so that two pages of one kind have one shape."""
    shape = path.split("?")[0].split("#")[0]
    for pattern, word in ((_ID, "_"), (_REF, "REF"), (_ROW, "ROW"), (_SHA, "SHA")):
        shape = pattern.sub(word, shape)
    return shape
