"""What people type, brought to one form: full-width to half-width, separators and spaces gone."""

from __future__ import annotations

import re
import unicodedata
from decimal import Context

MAX_TYPED = 200  # characters of a number, code or date that are looked at; longer is refused before any parsing
EXACT = Context(prec=2 * MAX_TYPED)  # arithmetic on what was typed loses no digit, so that none passes unseen

_SPACES = re.compile(r"\s+")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")


def plain(text: str) -> str:
    """NFKC (full-width digits and signs become ordinary ones), without leading and trailing space."""
    return unicodedata.normalize("NFKC", text).strip()


def without_spaces(text: str) -> str:
    """``plain`` text with every space removed, those within included."""
    return _SPACES.sub("", plain(text))


def plain_number(text: str) -> str:
    """A typed number without spaces and thousands separators: ``１，234.50`` becomes ``1234.50``.

    A comma that does not separate thousands stays, so that ``1,5`` is refused rather than read as 15.
    """
    number = without_spaces(text).replace("、", ",")
    unsigned = number.lstrip("+-")
    return number.replace(",", "") if _GROUPED.fullmatch(unsigned) else number
