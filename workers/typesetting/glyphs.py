"""Which signs the document fonts can print. PDF/UA-1 refuses a sign without a glyph, so what cannot be printed is shown
as a box and counted, and the document says so."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts

from workers.typesetting.words import MAY_BREAK

BOX = "□"
VARIATIONS = range(0xFE00, 0xFE10)  # ask for another look of the sign before them
SKIN_TONES = range(0x1F3FB, 0x1F400)
FORMAT_12 = 12  # of the cmap table: groups of code points beyond U+FFFF too
DROPPED = frozenset({"Cc", "Cf", "Cs"})  # control and direction signs: they print nothing and reorder what stands near
SPACES = frozenset({"Zs", "Zl", "Zp"})


@cache
def printable() -> frozenset[int]:
    """Code points that both document fonts have a glyph for."""
    return frozenset(_covered(fonts.serif_path()) & _covered(fonts.sans_path()))


@dataclass
class Printer:
    """Makes text printable; ``missing`` counts the signs that became boxes."""

    missing: int = 0
    known: frozenset[int] = field(default_factory=printable)

    def text(self, words: str) -> str:
        """The words in NFC with a box for every sign without a glyph, and without what prints nothing. Line feeds
        stay."""
        return "".join(map(self._sign, unicodedata.normalize("NFC", words)))

    def whole(self, content: Any) -> Any:
        """The same for every text within JSON."""
        match content:
            case str():
                return self.text(content)
            case dict():
                return {key: self.whole(value) for key, value in content.items()}
            case list() | tuple():
                return [self.whole(item) for item in content]
        return content

    def _sign(self, sign: str) -> str:
        code = ord(sign)
        if sign == "\n":
            return sign
        if sign == MAY_BREAK:
            return sign
        category = unicodedata.category(sign)
        if sign == "\t" or category in SPACES:
            return sign if code in self.known else " "
        if category in DROPPED or code in VARIATIONS or code in SKIN_TONES:
            return ""
        if code in self.known:
            return sign
        self.missing += 1
        return BOX


def _covered(font: Path) -> set[int]:
    data = font.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    cmap = tables[b"cmap"]
    subtables = struct.unpack_from(">H", data, cmap + 2)[0]
    for at in range(cmap + 4, cmap + 4 + 8 * subtables, 8):
        start = cmap + struct.unpack_from(">I", data, at + 4)[0]
        if struct.unpack_from(">H", data, start)[0] == FORMAT_12:
            return set(_groups(data, start))
    raise ValueError(f"{font.name} has no character map of format 12")


def _groups(data: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">I", data, start + 12)[0]
    for at in range(start + 16, start + 16 + 12 * count, 12):
        first, last, _glyph = struct.unpack_from(">III", data, at)
        yield from range(first, last + 1)
